-- Moves touches on by what channels told of them. Forward only, so that receipts may come late, twice or out of order.
-- Params: touch_ids bigint[], names text[] (assigned, sent, delivered, opened, clicked, answered, refused, failed,
-- withdrawn), moments timestamptz[], reasons text[] (of failures and withdrawals, else empty).
-- A click proves the opening, an answer or a refusal proves the delivery, a delivery outdoes a failure; what was
-- withdrawn before staff confirmed it was left out after all. Where staff confirm, a touch is sent when they do.
WITH told AS (
    SELECT touch_id,
           bool_or(name = 'assigned') AS is_assigned,
           min(at) FILTER (WHERE name = 'sent') AS sent_at,
           min(at) FILTER (WHERE name IN ('delivered', 'opened', 'clicked', 'answered', 'refused')) AS delivered_at,
           min(at) FILTER (WHERE name IN ('opened', 'clicked')) AS opened_at,
           min(at) FILTER (WHERE name = 'clicked') AS clicked_at,
           min(at) FILTER (WHERE name = 'answered') AS answered_at,
           min(at) FILTER (WHERE name = 'refused') AS refused_at,
           min(at) FILTER (WHERE name = 'failed') AS failed_at,
           max(reason) FILTER (WHERE name = 'failed') AS failure,
           max(reason) FILTER (WHERE name = 'withdrawn') AS withdrawal
    FROM unnest(%(touch_ids)s::bigint[], %(names)s::text[], %(moments)s::timestamptz[], %(reasons)s::text[])
        AS receipt (touch_id, name, at, reason)
    GROUP BY touch_id
),
-- LEAST passes over nulls.
moved AS (
    SELECT t.id, told.failure, told.withdrawal, t.state AS before,
           CASE WHEN t.state = 'assigned' OR told.is_assigned AND t.state IN ('sending', 'unknown')
                THEN coalesce(least(told.sent_at, told.delivered_at), t.sent_at)
                ELSE least(t.sent_at, told.sent_at, told.delivered_at) END AS sent_at,
           least(t.delivered_at, told.delivered_at) AS delivered_at, least(t.opened_at, told.opened_at) AS opened_at,
           least(t.clicked_at, told.clicked_at) AS clicked_at, least(t.answered_at, told.answered_at) AS answered_at,
           least(t.refused_at, told.refused_at) AS refused_at,
           told.failed_at IS NOT NULL AND t.state IN ('sending', 'assigned', 'sent', 'unknown') AS fails,
           told.sent_at IS NOT NULL AND t.state IN ('sending', 'assigned', 'unknown') AS goes,
           told.withdrawal IS NOT NULL AND t.state IN ('sending', 'assigned', 'unknown') AS is_withdrawn,
           told.is_assigned AND t.state IN ('sending', 'unknown') AS is_assigned
    FROM journeys_touch t JOIN told ON told.touch_id = t.id
    WHERE t.key IS NOT NULL
    FOR UPDATE OF t
),
ranked AS (
    SELECT moved.*, CASE
        WHEN clicked_at IS NOT NULL THEN 'clicked' WHEN opened_at IS NOT NULL THEN 'opened'
        WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN fails THEN 'failed' WHEN goes THEN 'sent'
        WHEN is_withdrawn THEN 'suppressed' WHEN is_assigned THEN 'assigned' ELSE before
    END AS state
    FROM moved
)
UPDATE journeys_touch AS t SET
    state = r.state, sent_at = CASE WHEN r.state = 'suppressed' THEN NULL ELSE r.sent_at END,
    delivered_at = r.delivered_at, opened_at = r.opened_at,
    clicked_at = r.clicked_at, answered_at = r.answered_at, refused_at = r.refused_at,
    reason = CASE WHEN r.state = r.before THEN t.reason WHEN r.state = 'failed' THEN left(split_part(r.failure, ': ', 1), 40)
        WHEN r.state <> 'suppressed' THEN '' WHEN r.withdrawal = 'not_confirmed' THEN 'not_confirmed' ELSE 'cancelled' END,
    detail = CASE WHEN r.state = r.before THEN t.detail
        WHEN r.state = 'failed' AND position(': ' IN r.failure) > 0
        THEN jsonb_build_object('words', substr(r.failure, position(': ' IN r.failure) + 2)) END
FROM ranked r WHERE t.id = r.id
