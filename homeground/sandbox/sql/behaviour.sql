-- 联系客户统计: what members did with customers, all of them summed, a row a day that has anything, oldest first.
-- Params: members bigint[], since, until (moments), zone. Broadcasts and groups do not count as chats.
WITH said AS (
    SELECT friendship_id, is_from_customer, sent_at, (sent_at AT TIME ZONE %(zone)s)::date AS day
    FROM sandbox_chatmessage
    WHERE member_id = ANY(%(members)s::bigint[]) AND sent_at >= %(since)s AND sent_at < %(until)s
      AND friendship_id IS NOT NULL AND NOT is_broadcast
),
chats AS (
    SELECT day, friendship_id,
        count(*) FILTER (WHERE NOT is_from_customer) AS sent,
        min(sent_at) FILTER (WHERE is_from_customer) AS asked_at,
        min(sent_at) FILTER (WHERE NOT is_from_customer) AS first_sent_at
    FROM said GROUP BY day, friendship_id
),
opened AS (  -- Chats that the customer began that day, with the first answer to it.
    SELECT chats.day, chats.asked_at, (
        SELECT min(said.sent_at) FROM said
        WHERE said.friendship_id = chats.friendship_id AND said.day = chats.day
          AND NOT said.is_from_customer AND said.sent_at >= chats.asked_at
    ) AS answered_at
    FROM chats WHERE asked_at IS NOT NULL AND (first_sent_at IS NULL OR asked_at <= first_sent_at)
),
answers AS (
    SELECT day, 100.0 * count(answered_at) / count(*) AS percentage,
        avg(extract(epoch FROM answered_at - asked_at)) / 60 AS minutes
    FROM opened GROUP BY day
),
wrote AS (
    SELECT day, count(*) FILTER (WHERE sent > 0) AS chats, sum(sent) AS messages FROM chats GROUP BY day
),
applied AS (
    SELECT (created_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS people
    FROM sandbox_friendrequest
    WHERE member_id = ANY(%(members)s::bigint[]) AND is_from_member AND created_at >= %(since)s AND created_at < %(until)s
    GROUP BY day
),
added AS (
    SELECT (created_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS people
    FROM sandbox_friendship
    WHERE member_id = ANY(%(members)s::bigint[]) AND created_at >= %(since)s AND created_at < %(until)s
    GROUP BY day
),
lost AS (
    SELECT (ended_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS people
    FROM sandbox_friendship
    WHERE member_id = ANY(%(members)s::bigint[]) AND ending = 'by_customer'
      AND ended_at >= %(since)s AND ended_at < %(until)s
    GROUP BY day
),
days AS (
    SELECT generate_series(
        (%(since)s AT TIME ZONE %(zone)s)::date, (%(until)s AT TIME ZONE %(zone)s)::date - 1, interval '1 day'
    )::date AS day
)
SELECT day, coalesce(applied.people, 0), coalesce(added.people, 0), coalesce(wrote.chats, 0),
    coalesce(wrote.messages, 0), answers.percentage, answers.minutes, coalesce(lost.people, 0)
FROM days
LEFT JOIN applied USING (day)
LEFT JOIN added USING (day)
LEFT JOIN wrote USING (day)
LEFT JOIN answers USING (day)
LEFT JOIN lost USING (day)
ORDER BY day
