-- Ends the arrivals whose tie is over: friends by customer and member, groups by customer and group. An end before the
-- arrival, or after an earlier end, changes nothing, so that a repeat does no harm.
-- Params, all arrays of one length: customers bigint, userids text, chats text, moments timestamptz, theirs boolean.
WITH told AS (
    SELECT * FROM unnest(
        %(customers)s::bigint[], %(userids)s::text[], %(chats)s::text[], %(moments)s::timestamptz[], %(theirs)s::boolean[]
    ) AS told (customer_id, userid, chat_id, ended_at, is_theirs)
), root AS (
    SELECT told.*, coalesce(who.merged_into_id, who.id) AS person FROM told JOIN people_customer AS who ON who.id = told.customer_id
), member AS (
    SELECT DISTINCT person, person AS id FROM root
    UNION SELECT root.person, absorbed.id FROM root JOIN people_customer AS absorbed ON absorbed.merged_into_id = root.person
), ended AS (
    SELECT DISTINCT ON (arrival.id) arrival.id, root.ended_at, root.is_theirs
    FROM root
    JOIN member USING (person)
    JOIN growth_arrival AS arrival ON arrival.customer_id = member.id AND arrival.happened_at <= root.ended_at
        AND ((arrival.kind = 'added' AND arrival.userid = root.userid) OR (arrival.kind = 'joined' AND arrival.chat_id = root.chat_id))
    ORDER BY arrival.id, root.ended_at
)
UPDATE growth_arrival AS arrival SET ended_at = ended.ended_at, ended_by_customer = ended.is_theirs
FROM ended WHERE arrival.id = ended.id AND (arrival.ended_at IS NULL OR arrival.ended_at > ended.ended_at)
