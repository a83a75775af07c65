-- What persons gave back without saying of which order, minor units. PostgreSQL.
-- Params: currency text, at timestamptz.
SELECT coalesce(customer.merged_into_id, customer.id) AS person, sum(refund.amount_minor)::bigint AS amount
FROM commerce_refund AS refund
JOIN people_customer AS customer ON customer.id = refund.customer_id
WHERE refund.order_id IS NULL AND refund.currency = %(currency)s AND refund.refunded_at <= %(at)s
GROUP BY 1
HAVING sum(refund.amount_minor) > 0
