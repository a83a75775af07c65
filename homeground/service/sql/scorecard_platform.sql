-- The platform's figures of each member in a span of days: shares weighed by chats, minutes by answered chats.
-- Params: since, until date (until not included).
SELECT staff_id, sum(added)::bigint AS added, sum(chats)::bigint AS chats, sum(messages)::bigint AS messages,
       sum(removed)::bigint AS removed,
       (sum(chats) FILTER (WHERE reply_bp IS NOT NULL))::bigint AS replied_of,
       COALESCE(sum(chats * reply_bp / 10000.0), 0)::float AS replied,
       COALESCE(sum(chats * reply_minutes), 0)::float AS minutes, max(day) AS until
FROM service_platformday
WHERE day >= %(since)s AND day < %(until)s
GROUP BY 1
