-- The products of each period: people who bought, bought more than once, and gave something of it back. Most buyers first.
-- Periods are `days` times 24 hours from `since` on. A product of an order counts once an order.
-- Params: since, until DateTime64(3); days UInt32.
SELECT
    period, sku, countIf(bought > 0) AS buyers, countIf(bought > 1) AS repeaters, countIf(returned > 0 AND bought > 0) AS returners
FROM (
    SELECT
        if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS person, told.sku AS sku,
        toInt32(intDiv(dateDiff('second', {since:DateTime64(3)}, told.happened_at), {days:UInt32} * 86400)) AS period,
        countIf(told.name = 'commerce.order_paid') AS bought, countIf(told.name = 'commerce.order_refunded') AS returned
    FROM (
        SELECT customer_id, name, happened_at, arrayJoin(JSONExtract(properties, 'skus', 'Array(String)')) AS sku FROM events.events
        WHERE name IN ('commerce.order_paid', 'commerce.order_refunded') AND customer_id > 0
            AND happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
    ) AS told
    LEFT JOIN (
        SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
    ) AS absorbed ON absorbed.customer_id = told.customer_id
    GROUP BY person, sku, period
)
GROUP BY period, sku ORDER BY period, buyers DESC, sku
