-- Moves touches on by what channels told of them. Forward only, so that receipts may come late, twice or out of order.
-- Params: touch_ids bigint[], names text[] (sent, delivered, opened, clicked, answered, refused, failed),
-- moments timestamptz[], reasons text[] (of failures, else empty).
-- A click proves the opening, an answer or a refusal proves the delivery, a delivery outdoes a failure.
WITH told AS (
    SELECT touch_id,
           min(at) FILTER (WHERE name = 'sent') AS sent_at,
           min(at) FILTER (WHERE name IN ('delivered', 'opened', 'clicked', 'answered', 'refused')) AS delivered_at,
           min(at) FILTER (WHERE name IN ('opened', 'clicked')) AS opened_at,
           min(at) FILTER (WHERE name = 'clicked') AS clicked_at,
           min(at) FILTER (WHERE name = 'answered') AS answered_at,
           min(at) FILTER (WHERE name = 'refused') AS refused_at,
           min(at) FILTER (WHERE name = 'failed') AS failed_at,
           max(reason) FILTER (WHERE name = 'failed') AS reason
    FROM unnest(%(touch_ids)s::bigint[], %(names)s::text[], %(moments)s::timestamptz[], %(reasons)s::text[])
        AS receipt (touch_id, name, at, reason)
    GROUP BY touch_id
),
-- LEAST passes over nulls.
moved AS (
    SELECT t.id, told.reason, t.state AS before, least(t.sent_at, told.sent_at, told.delivered_at) AS sent_at,
           least(t.delivered_at, told.delivered_at) AS delivered_at, least(t.opened_at, told.opened_at) AS opened_at,
           least(t.clicked_at, told.clicked_at) AS clicked_at, least(t.answered_at, told.answered_at) AS answered_at,
           least(t.refused_at, told.refused_at) AS refused_at,
           told.failed_at IS NOT NULL AND t.state IN ('sending', 'sent', 'unknown') AS fails,
           told.sent_at IS NOT NULL AND t.state IN ('sending', 'unknown') AS goes
    FROM journeys_touch t JOIN told ON told.touch_id = t.id
    WHERE t.key IS NOT NULL
    FOR UPDATE OF t
),
ranked AS (
    SELECT moved.*, CASE
        WHEN clicked_at IS NOT NULL THEN 'clicked' WHEN opened_at IS NOT NULL THEN 'opened'
        WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN fails THEN 'failed' WHEN goes THEN 'sent' ELSE before
    END AS state
    FROM moved
)
UPDATE journeys_touch AS t SET
    state = r.state, sent_at = r.sent_at, delivered_at = r.delivered_at, opened_at = r.opened_at,
    clicked_at = r.clicked_at, answered_at = r.answered_at, refused_at = r.refused_at,
    reason = CASE WHEN r.state = r.before THEN t.reason WHEN r.state = 'failed' THEN left(split_part(r.reason, ': ', 1), 40)
        ELSE '' END,
    detail = CASE WHEN r.state = r.before THEN t.detail
        WHEN r.state = 'failed' AND position(': ' IN r.reason) > 0
        THEN jsonb_build_object('words', substr(r.reason, position(': ' IN r.reason) + 2)) END
FROM ranked r WHERE t.id = r.id
