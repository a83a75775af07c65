-- Order facts (RFM) of every person with an order paid up to as_of, by surviving customer id; guests and erased customers are
-- not in it.
-- Params: as_of DateTime64(3), currency String (the brand's), days UInt32 (the window of the *_in_days columns, 24 h each).
-- orders counts every paid order; money counts this currency alone: paid + corrections - refunds, in minor units.
-- r, f, m: 1 (least) to 5 (best) = 1 + floor(5 * people with a strictly smaller value / people): ties share a score.
-- r by the last order's moment, f by orders, m by net spend, over all history.
SELECT
    customer_id, first_order_at, last_order_at, orders, net_minor, orders_in_days, net_minor_in_days,
    toUInt8(1 + intDiv(5 * (rank() OVER (ORDER BY last_order_at) - 1), count() OVER ())) AS r,
    toUInt8(1 + intDiv(5 * (rank() OVER (ORDER BY orders) - 1), count() OVER ())) AS f,
    toUInt8(1 + intDiv(5 * (rank() OVER (ORDER BY net_minor) - 1), count() OVER ())) AS m
FROM (
    SELECT
        if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS customer_id,
        assumeNotNull(min(told.first_order_at)) AS first_order_at, assumeNotNull(max(told.last_order_at)) AS last_order_at,
        sum(told.orders) AS orders, sum(told.net_minor) AS net_minor,
        sum(told.orders_in_days) AS orders_in_days, sum(told.net_minor_in_days) AS net_minor_in_days
    FROM (
        SELECT
            customer_id,
            minOrNullIf(happened_at, name = 'commerce.order_paid') AS first_order_at,
            maxOrNullIf(happened_at, name = 'commerce.order_paid') AS last_order_at,
            countIf(name = 'commerce.order_paid') AS orders,
            sumIf(if(name = 'commerce.order_refunded', -amount, amount), currency = {currency:String}) AS net_minor,
            countIf(name = 'commerce.order_paid' AND happened_at > {as_of:DateTime64(3)} - toIntervalDay({days:UInt32})) AS orders_in_days,
            sumIf(
                if(name = 'commerce.order_refunded', -amount, amount),
                currency = {currency:String} AND happened_at > {as_of:DateTime64(3)} - toIntervalDay({days:UInt32})
            ) AS net_minor_in_days
        FROM events.events
        WHERE name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded')
            AND customer_id > 0 AND happened_at <= {as_of:DateTime64(3)}
        GROUP BY customer_id
    ) AS told
    LEFT JOIN (
        SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
    ) AS absorbed ON absorbed.customer_id = told.customer_id
    GROUP BY customer_id
    HAVING orders > 0 AND customer_id IN (SELECT customer_id FROM events.customers FINAL WHERE into_id = customer_id)
)
ORDER BY customer_id
