-- Writes which members have to publish a post, and who has. Published stays published.
-- Params: moment_id; userids text[], published timestamptz[] (null: not yet).
INSERT INTO wecom_momentpost (moment_id, staff_id, published_at)
SELECT %(moment_id)s, s.id, min(told.published_at)
FROM unnest(%(userids)s::text[], %(published)s::timestamptz[]) AS told (userid, published_at)
JOIN wecom_staff s ON s.userid = lower(told.userid)
GROUP BY s.id
ON CONFLICT (moment_id, staff_id) DO UPDATE SET published_at = excluded.published_at
WHERE wecom_momentpost.published_at IS NULL AND excluded.published_at IS NOT NULL
