-- Buyers by the month of their first order, and how many of them ordered again in each month after it; oldest first.
-- Params: since Date (the first month that is shown), until DateTime64(3); zone String; currency String.
-- months: full calendar months of the zone between first order's month and the month of these orders; 0 is the first.
-- net_minor: paid + corrections - refunds of that month, minor units of the currency.
SELECT
    first_month AS month, dateDiff('month', first_month, order_month) AS months, countIf(orders > 0) AS buyers,
    sum(net_minor) AS net_minor
FROM (
    SELECT
        person, order_month, orders, net_minor, minIf(order_month, orders > 0) OVER (PARTITION BY person) AS first_month
    FROM (
    SELECT
        if(absorbed.survivor = 0, event.customer_id, absorbed.survivor) AS person,
        toStartOfMonth(toDate(happened_at, {zone:String})) AS order_month,
        countIf(name = 'commerce.order_paid') AS orders,
        sumIf(if(name = 'commerce.order_refunded', -amount, amount), currency = {currency:String}) AS net_minor
    FROM events.events AS event
    LEFT JOIN (
        SELECT customer_id, argMax(into_id, version) AS survivor FROM events.customers
        WHERE customer_id IN (SELECT customer_id FROM events.customers WHERE into_id != customer_id)
        GROUP BY customer_id HAVING survivor != customer_id
    ) AS absorbed ON absorbed.customer_id = event.customer_id
    WHERE name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded') AND event.customer_id > 0
        AND happened_at < {until:DateTime64(3)}
    GROUP BY person, order_month
    )
)
WHERE first_month >= {since:Date} AND order_month >= first_month
GROUP BY month, months
ORDER BY month, months
