-- Persons on WeCom whose first order was paid in [since, until), newest first. Params: since, until timestamptz; most int.
WITH recent AS (
    SELECT coalesce(customer.merged_into_id, customer.id) AS root_id, min(orders.paid_at) AS first_at
    FROM commerce_order AS orders JOIN people_customer AS customer ON customer.id = orders.customer_id
    WHERE orders.kind = 'sale' AND orders.paid_at >= %(since)s AND orders.paid_at < %(until)s
    GROUP BY 1
),
member AS (
    SELECT root_id, first_at, root_id AS id FROM recent
    UNION ALL
    SELECT recent.root_id, recent.first_at, customer.id
    FROM recent JOIN people_customer AS customer ON customer.merged_into_id = recent.root_id
)
SELECT root_id
FROM member
GROUP BY root_id, first_at
HAVING bool_or(EXISTS (SELECT 1 FROM wecom_externalcontact AS contact WHERE contact.customer_id = member.id))
   AND NOT bool_or(EXISTS (
       SELECT 1 FROM commerce_order AS orders
       WHERE orders.customer_id = member.id AND orders.kind = 'sale' AND orders.paid_at < %(since)s
   ))
ORDER BY first_at DESC, root_id DESC
LIMIT %(most)s
