-- What members of staff posted on which day, of which kind ('': nobody has said); planned and their own posts alike.
-- Params: staff_ids bigint[]; since, until timestamptz; zone text, whose days these are.
SELECT post.staff_id, (post.published_at AT TIME ZONE %(zone)s)::date AS day,
       coalesce(plan.kind, label.kind, '') AS kind, count(*) AS posts
FROM wecom_momentpost AS post
LEFT JOIN content_momentplan AS plan ON plan.moment_id = post.moment_id
LEFT JOIN content_momentlabel AS label ON label.moment_id = post.moment_id
WHERE post.staff_id = ANY(%(staff_ids)s::bigint[])
  AND post.published_at >= %(since)s AND post.published_at < %(until)s
GROUP BY 1, 2, 3
