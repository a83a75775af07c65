-- Who had done nothing by themselves for ninety days when a period began, and who of them bought in it. Known at least as long.
-- Periods are `days` times 24 hours from `since` on.
-- Params: since, until DateTime64(3); days, periods UInt32; acts Array(String): facts that people themselves do.
SELECT period, countIf(is_silent) AS silent, countIf(is_silent AND bought) AS buyers
FROM (
    SELECT
        arrayJoin(range({periods:UInt32})) AS number, toInt32(number) AS period,
        toUnixTimestamp({since:DateTime64(3)}) + number * {days:UInt32} * 86400 AS begins, begins + {days:UInt32} * 86400 AS ends,
        toUnixTimestamp(person.created_at) < begins - 7776000
            AND NOT arrayExists(at -> at >= begins - 7776000 AND at < begins, did.acts) AS is_silent,
        arrayExists(at -> at >= begins AND at < ends, did.paid) AS bought
    FROM (
        SELECT customer_id, created_at FROM events.customers FINAL WHERE into_id = customer_id
    ) AS person
    LEFT JOIN (
        SELECT
            if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS customer_id,
            groupUniqArray(toUnixTimestamp(told.happened_at)) AS acts,
            groupUniqArrayIf(toUnixTimestamp(told.happened_at), told.name = 'commerce.order_paid') AS paid
        FROM (
            SELECT customer_id, name, happened_at FROM events.events
            WHERE has({acts:Array(String)}, name) AND customer_id > 0
                AND happened_at >= {since:DateTime64(3)} - toIntervalDay(90) AND happened_at < {until:DateTime64(3)}
        ) AS told
        LEFT JOIN (
            SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
        ) AS absorbed ON absorbed.customer_id = told.customer_id
        GROUP BY customer_id
    ) AS did ON did.customer_id = person.customer_id
)
GROUP BY period ORDER BY period
