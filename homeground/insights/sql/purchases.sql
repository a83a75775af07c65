-- Purchases of every person by day of a zone, net of what was given back. PostgreSQL.
-- Columns: person (survivor), day (since 1970-01-01), orders not given back whole (may be 0), spend (minor units, the brand's
-- currency alone), last_at (microseconds since 1970, UTC; of all orders of that day).
-- Params: zone text, currency text, at timestamptz. In no order.
WITH given_back AS (
    SELECT order_id, sum(amount_minor) AS amount
    FROM commerce_refund
    WHERE order_id IS NOT NULL AND refunded_at <= %(at)s
    GROUP BY order_id
)
SELECT
    coalesce(customer.merged_into_id, customer.id) AS person,
    (bought.paid_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01' AS day,
    count(*) FILTER (WHERE coalesce(given_back.amount, 0) = 0 OR given_back.amount < bought.amount_minor) AS orders,
    coalesce(sum(greatest(bought.amount_minor - coalesce(given_back.amount, 0), 0))
        FILTER (WHERE bought.currency = %(currency)s), 0)::bigint AS spend,
    (extract(epoch FROM max(bought.paid_at)) * 1000000)::bigint AS last_at
FROM commerce_order AS bought
JOIN people_customer AS customer ON customer.id = bought.customer_id
LEFT JOIN given_back ON given_back.order_id = bought.id
WHERE bought.kind = 'sale' AND bought.paid_at <= %(at)s
GROUP BY 1, 2
