-- Ends the arrivals whose tie is over: friends by customer and member, groups by customer and group. An end before the
-- arrival, or after an earlier end, changes nothing, so that a repeat does no harm.
-- Params, all arrays of one length: customers bigint, userids text, chats text, moments timestamptz, theirs boolean.
WITH told AS (
    SELECT * FROM unnest(
        %(customers)s::bigint[], %(userids)s::text[], %(chats)s::text[], %(moments)s::timestamptz[], %(theirs)s::boolean[]
    ) AS told (customer_id, userid, chat_id, ended_at, is_theirs)
), ended AS (
    SELECT DISTINCT ON (arrival.id) arrival.id, told.ended_at, told.is_theirs
    FROM told
    JOIN people_customer AS who ON who.id = told.customer_id
    JOIN people_customer AS same ON coalesce(same.merged_into_id, same.id) = coalesce(who.merged_into_id, who.id)
    JOIN growth_arrival AS arrival ON arrival.customer_id = same.id AND arrival.happened_at <= told.ended_at
        AND ((arrival.kind = 'added' AND arrival.userid = told.userid) OR (arrival.kind = 'joined' AND arrival.chat_id = told.chat_id))
    ORDER BY arrival.id, told.ended_at
)
UPDATE growth_arrival AS arrival SET ended_at = ended.ended_at, ended_by_customer = ended.is_theirs
FROM ended WHERE arrival.id = ended.id AND (arrival.ended_at IS NULL OR arrival.ended_at > ended.ended_at)
