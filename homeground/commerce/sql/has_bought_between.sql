-- Whether one survivor has a sale paid in [since, until); NULL where not. For spans in which most people bought.
-- Params, by position: since, until timestamptz. Outer: people_customer.
SELECT true
FROM commerce_order AS bought
WHERE bought.kind = 'sale' AND bought.paid_at >= %s AND bought.paid_at < %s AND bought.customer_id IN (
    SELECT people_customer.id
    UNION ALL SELECT absorbed.id FROM people_customer AS absorbed WHERE absorbed.merged_into_id = people_customer.id
)
LIMIT 1
