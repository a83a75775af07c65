-- 群聊统计: one row for each scope, in order. A scope is a set of owners and a span of time.
-- Params: scopes jsonb [{"owners": [member ids], "since": moment, "until": moment}].
SELECT
    chats.made, chats.total, coalesce(said.chats, 0), places.joined, places.total, coalesce(said.people, 0),
    coalesce(said.messages, 0)
FROM (
    SELECT place, (value ->> 'since')::timestamptz AS since, (value ->> 'until')::timestamptz AS until,
        ARRAY(SELECT jsonb_array_elements_text(value -> 'owners')::bigint) AS owners
    FROM jsonb_array_elements(%(scopes)s::jsonb) WITH ORDINALITY AS given (value, place)
) AS scope
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE created_at >= scope.since) AS made, count(*) AS total, array_agg(id) AS ids
    FROM sandbox_groupchat
    WHERE owner_id = ANY(scope.owners) AND created_at < scope.until
      AND (dismissed_at IS NULL OR dismissed_at >= scope.until)
) AS chats
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE joined_at >= scope.since) AS joined,
        count(*) FILTER (WHERE left_at IS NULL OR left_at >= scope.until) AS total
    FROM sandbox_groupmember WHERE chat_id = ANY(chats.ids) AND joined_at < scope.until
) AS places
CROSS JOIN LATERAL (
    SELECT count(DISTINCT chat_id) AS chats, count(*) AS messages,
        count(DISTINCT (is_from_customer, CASE WHEN is_from_customer THEN contact_id ELSE member_id END)) AS people
    FROM sandbox_chatmessage
    WHERE chat_id = ANY(chats.ids) AND sent_at >= scope.since AND sent_at < scope.until
) AS said
ORDER BY scope.place
