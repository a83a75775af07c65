-- Notes on touches that their receiver wrote to us within three days of the delivery: the nearest earlier touch of each
-- person through these channels. That one caused the other nobody can tell; pages say so.
-- Params: customer_ids bigint[], moments timestamptz[] (who wrote when); channels text[].
WITH wrote AS (
    SELECT DISTINCT coalesce(c.merged_into_id, c.id) AS root_id, given.at
    FROM unnest(%(customer_ids)s::bigint[], %(moments)s::timestamptz[]) AS given (customer_id, at)
    JOIN people_customer c ON c.id = given.customer_id
),
nearest AS (
    SELECT DISTINCT ON (wrote.root_id, wrote.at) t.id, wrote.at
    FROM wrote
    JOIN people_customer person ON person.id = wrote.root_id OR person.merged_into_id = wrote.root_id
    JOIN journeys_touch t ON t.customer_id = person.id AND t.channel = ANY(%(channels)s)
    WHERE t.delivered_at <= wrote.at AND t.delivered_at > wrote.at - interval '3 days'
    ORDER BY wrote.root_id, wrote.at, t.delivered_at DESC, t.id DESC
),
earliest AS (SELECT id, min(at) AS at FROM nearest GROUP BY id)
UPDATE journeys_touch AS t SET answered_at = least(t.answered_at, e.at)
FROM earliest e WHERE t.id = e.id AND t.answered_at IS DISTINCT FROM least(t.answered_at, e.at)
