-- Of what the feeds are made in [since, until): one row a feed and kind, the brand's feed with staff_id null.
-- kind '': nobody has said. on_day: how many of them lie in [day_from, day_to).
-- A planned post counts until its time has passed with nobody publishing it; a member's own posts count when published.
-- Params: since, until, day_from, day_to timestamptz; without bigint, a plan left out (0: none).
WITH planned AS (
    SELECT id, kind, planned_at, state, is_by_all, moment_id
    FROM content_momentplan
    WHERE planned_at >= %(since)s AND planned_at < %(until)s AND id <> %(without)s
      AND state IN ('planned', 'handing', 'handed', 'closed')
),
shown AS (
    SELECT post.staff_id, post.moment_id, post.published_at AS at, plan.id AS plan_id,
           coalesce(plan.kind, label.kind, '') AS kind
    FROM wecom_momentpost AS post
    LEFT JOIN content_momentplan AS plan ON plan.moment_id = post.moment_id
    LEFT JOIN content_momentlabel AS label ON label.moment_id = post.moment_id
    WHERE post.published_at >= %(since)s AND post.published_at < %(until)s
      AND plan.id IS DISTINCT FROM %(without)s
),
coming AS (
    SELECT staff.id AS staff_id, planned.planned_at AS at, planned.kind
    FROM planned
    JOIN wecom_staff AS staff ON staff.is_active AND (planned.is_by_all OR EXISTS (
        SELECT 1 FROM content_momentplan_senders AS sender
        WHERE sender.momentplan_id = planned.id AND sender.staff_id = staff.id
    ))
    WHERE planned.state <> 'closed' AND NOT EXISTS (
        SELECT 1 FROM wecom_momentpost AS post
        WHERE post.moment_id = planned.moment_id AND post.staff_id = staff.id AND post.published_at IS NOT NULL
    )
),
entry AS (
    SELECT staff_id, kind, at FROM shown
    UNION ALL
    SELECT staff_id, kind, at FROM coming
    UNION ALL
    SELECT NULL, kind, planned_at FROM planned
    WHERE state <> 'closed' OR EXISTS (
        SELECT 1 FROM wecom_momentpost AS post
        WHERE post.moment_id = planned.moment_id AND post.published_at IS NOT NULL
    )
    UNION ALL
    SELECT NULL, kind, min(at) FROM shown WHERE plan_id IS NULL GROUP BY moment_id, kind
)
SELECT staff_id, kind, count(*) AS posts,
       count(*) FILTER (WHERE at >= %(day_from)s AND at < %(day_to)s) AS on_day
FROM entry
GROUP BY staff_id, kind
