-- Money of a span and of the span before it, minor units of one currency; guests' orders count too. One row.
-- paid: orders and their corrections; refunded: given back in the span, whenever it was bought; from_new: paid by
-- people without an order before the span.
-- Params: before, since, until DateTime64(3); currency String.
WITH old AS (
    SELECT groupBitmapState(customer_id) AS people FROM events.events
    WHERE name = 'commerce.order_paid' AND customer_id > 0 AND happened_at < {since:DateTime64(3)}
)
SELECT
    sumIf(amount, name != 'commerce.order_refunded' AND is_now) AS paid,
    sumIf(amount, name != 'commerce.order_refunded' AND NOT is_now) AS paid_before,
    sumIf(amount, name = 'commerce.order_refunded' AND is_now) AS refunded,
    sumIf(amount, name != 'commerce.order_refunded' AND is_now AND customer_id > 0
        AND NOT bitmapContains((SELECT people FROM old), customer_id)) AS from_new
FROM (
    SELECT name, amount, customer_id, happened_at >= {since:DateTime64(3)} AS is_now
    FROM events.events
    WHERE name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded')
        AND currency = {currency:String}
        AND happened_at >= {before:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
)
