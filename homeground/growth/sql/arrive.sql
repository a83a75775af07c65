-- Keep arrivals through our doors, each event once, and count friends made by door, day and member. What came through no door
-- of ours is left out. Gives the new arrivals with their doors.
-- Params, all arrays of one length: events bigint, kinds text, tokens text, customers bigint, userids text, chats text,
-- moments timestamptz, days date (of the brand's zone).
WITH told AS (
    SELECT * FROM unnest(
        %(events)s::bigint[], %(kinds)s::text[], %(tokens)s::text[], %(customers)s::bigint[], %(userids)s::text[], %(chats)s::text[],
        %(moments)s::timestamptz[], %(days)s::date[]
    ) AS told (event_id, kind, token, customer_id, userid, chat_id, happened_at, day)
), arrived AS (
    INSERT INTO growth_arrival
        (event_id, kind, door_id, source_id, customer_id, userid, chat_id, happened_at, day, ended_by_customer)
    SELECT told.event_id, told.kind, door.id, door.source_id, customer.id, told.userid, told.chat_id, told.happened_at, told.day, false
    FROM told
    JOIN growth_door AS door ON door.token = told.token
    JOIN people_customer AS customer ON customer.id = told.customer_id
    ORDER BY told.event_id
    ON CONFLICT (event_id) DO NOTHING
    RETURNING event_id, kind, door_id, source_id, customer_id, userid, chat_id, happened_at, day
), counted AS (  -- The row's lock makes two arrivals at once count one after the other.
    INSERT INTO growth_staffday AS known (door_id, userid, day, added)
    SELECT door_id, userid, day, count(*) FROM arrived WHERE kind = 'added'
    GROUP BY door_id, userid, day ORDER BY door_id, day, userid
    ON CONFLICT (door_id, day, userid) DO UPDATE SET added = known.added + excluded.added
    RETURNING door_id, userid, day, added
)
SELECT
    arrived.event_id, arrived.kind, arrived.door_id, door.name AS door_name, door.kind AS door_kind, arrived.source_id,
    coalesce(source.name, '') AS source_name, arrived.customer_id, arrived.userid, arrived.chat_id, arrived.happened_at,
    door.tags, door.consent_notice, coalesce(counted.added >= door.daily_limit, false) AS is_at_limit
FROM arrived
JOIN growth_door AS door ON door.id = arrived.door_id
LEFT JOIN growth_source AS source ON source.id = arrived.source_id
LEFT JOIN counted ON counted.door_id = arrived.door_id AND counted.userid = arrived.userid AND counted.day = arrived.day
ORDER BY arrived.event_id
