-- Who bought 365 days before each period, and who of them bought in it, or up to thirty days before or after.
-- Periods are `days` times 24 hours from `since` on.
-- Params: since DateTime64(3); days, periods UInt32.
SELECT period, countIf(was) AS buyers, countIf(was AND is) AS returned
FROM (
    SELECT
        arrayJoin(range({periods:UInt32})) AS number, toInt32(number) AS period,
        toUnixTimestamp({since:DateTime64(3)}) + number * {days:UInt32} * 86400 AS begins, begins + {days:UInt32} * 86400 AS ends,
        arrayExists(at -> at >= begins - 31536000 AND at < ends - 31536000, paid) AS was,
        arrayExists(at -> at >= begins - 2592000 AND at < ends + 2592000, paid) AS is
    FROM (
        SELECT if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS person, groupArray(toUnixTimestamp(told.happened_at)) AS paid
        FROM (
            SELECT customer_id, happened_at FROM events.events WHERE name = 'commerce.order_paid' AND customer_id > 0
                AND happened_at >= {since:DateTime64(3)} - toIntervalDay(400)
        ) AS told
        LEFT JOIN (
            SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
        ) AS absorbed ON absorbed.customer_id = told.customer_id
        GROUP BY person
    )
)
GROUP BY period ORDER BY period
