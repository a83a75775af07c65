-- New friends by period, and how many of them heard from staff within some hours: an answer, a call, a message of their own.
-- Those whose hours are not over are left out. Periods are `days` times 24 hours from `since` on.
-- Params: since, until DateTime64(3); days, hours UInt32.
SELECT
    toInt32(intDiv(added_at - toUnixTimestamp({since:DateTime64(3)}), {days:UInt32} * 86400)) AS period,
    count() AS leads, countIf(arrayExists(at -> at >= added_at AND at <= added_at + {hours:UInt32} * 3600, heard)) AS answered
FROM (
    SELECT arrayJoin(added) AS added_at, heard
    FROM (
        SELECT
            if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS person,
            groupArrayIf(toUnixTimestamp(told.happened_at), told.name = 'wecom.friend_added') AS added,
            groupArrayIf(toUnixTimestamp(told.happened_at), told.name != 'wecom.friend_added') AS heard
        FROM (
            SELECT customer_id, name, happened_at FROM events.events
            WHERE name IN ('wecom.friend_added', 'service.customer_answered', 'service.customer_touched') AND customer_id > 0
                AND happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
        ) AS told
        LEFT JOIN (
            SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
        ) AS absorbed ON absorbed.customer_id = told.customer_id
        GROUP BY person
    )
)
WHERE added_at <= toUnixTimestamp({until:DateTime64(3)}) - {hours:UInt32} * 3600
GROUP BY period ORDER BY period
