-- The question of benchmarks/segments.py as one would write it by hand, as of 2026-03-01 20:00 in Shanghai.
WITH (SELECT (groupArray(customer_id), groupArray(into_id)) FROM events.customers FINAL WHERE into_id != customer_id) AS merged
SELECT count()
FROM (SELECT * FROM events.customers FINAL WHERE into_id = customer_id) AS c
INNER JOIN (
    SELECT
        transform(customer_id, merged.1, merged.2) AS who,
        countIf(name = 'commerce.order_paid') AS orders,
        sumIf(amount, name = 'commerce.order_paid' AND currency = 'CNY' AND happened_at >= toDateTime('2025-03-02 00:00:00', 'Asia/Shanghai'))
            + sumIf(amount, name = 'commerce.order_changed' AND currency = 'CNY' AND happened_at >= toDateTime('2025-03-02 00:00:00', 'Asia/Shanghai'))
            - sumIf(amount, name = 'commerce.order_refunded' AND currency = 'CNY' AND happened_at >= toDateTime('2025-03-02 00:00:00', 'Asia/Shanghai')) AS net,
        maxIf(happened_at, name = 'commerce.order_paid') AS last_order,
        countIf(name = 'channels.message_refused' AND happened_at >= toDateTime('2026-01-31 00:00:00', 'Asia/Shanghai')) AS refused,
        countIf(name = 'page_viewed' AND happened_at >= toDateTime('2025-12-02 00:00:00', 'Asia/Shanghai')) AS viewed,
        countIf(
            name = 'cart_filled' AND happened_at >= toDateTime('2025-09-03 00:00:00', 'Asia/Shanghai')
            AND startsWith(JSONExtractString(properties, 'path'), '/p/1')
        ) AS filled
    FROM events.events
    WHERE name IN (
        'commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded', 'channels.message_refused', 'page_viewed', 'cart_filled'
    ) AND happened_at <= toDateTime('2026-03-01 12:00:00', 'UTC')
    GROUP BY who
) AS f ON f.who = c.customer_id
WHERE attributes['city'] IN ('上海', '杭州') AND hasAny(tags, ['高客单', '母婴']) AND has(consents, 'promotion:phone')
    AND relation IN ('two_way', 'many_way') AND orders >= 2 AND net >= 50000
    AND dateDiff('day', toDate(last_order, 'Asia/Shanghai'), toDate('2026-03-01')) BETWEEN 30 AND 180
    AND refused = 0 AND viewed >= 1 AND filled >= 1
