-- Two years of events: mostly page views, one in ten an order.
-- Params: customers UInt64, events UInt64.
INSERT INTO events.events
WITH
    intHash32(number) % 100 AS dice,
    intHash64(number + 7) % {customers:UInt64} + 1 AS who,
    multiIf(
        dice < 60, 'page_viewed', dice < 78, 'product_viewed', dice < 88, 'commerce.order_paid', dice < 97, 'cart_filled',
        dice < 98, 'commerce.order_refunded', dice < 99, 'channels.message_opened', 'channels.message_refused'
    ) AS event,
    if(startsWith(event, 'commerce'), 1000 + intHash32(number + 1) % 60000, 0) AS minor,
    toDateTime64('2024-03-01 12:00:00', 3, 'UTC') + toIntervalSecond(intHash32(number + 2) % 63072000) AS moment
SELECT
    number + 1, event, who, moment, moment, 'shop', minor, if(minor > 0, 'CNY', ''), '[]',
    if(
        minor > 0,
        concat('{"order_no":"', toString(number), '","amount_minor":', toString(minor), ',"currency":"CNY","items":2,"skus":["A', toString(number % 500), '"]}'),
        concat('{"path":"/p/', toString(intHash32(number + 3) % 5000), '","seconds":', toString(number % 300), '}')
    )
FROM numbers({events:UInt64})
SETTINGS max_partitions_per_insert_block = 0
