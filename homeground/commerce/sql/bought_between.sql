-- Survivors with a sale paid in [since, until), for spans with few orders.
-- Params, by position: since, until timestamptz, twice.
SELECT bought.customer_id
FROM commerce_order AS bought
WHERE bought.kind = 'sale' AND bought.paid_at >= %s AND bought.paid_at < %s
UNION ALL
SELECT absorbed.merged_into_id
FROM people_customer AS absorbed
JOIN commerce_order AS bought ON bought.customer_id = absorbed.id
WHERE absorbed.merged_into_id IS NOT NULL AND bought.kind = 'sale' AND bought.paid_at >= %s AND bought.paid_at < %s
