-- What is known of touches that were handed to us: (touch_id, state of its newest post, whether it was marked).
-- Params: touch_ids bigint[]. A touch that never came as far as a row is left out.
SELECT DISTINCT ON (r.touch_id) r.touch_id, m.state, r.marked_at IS NOT NULL
FROM wecom_momentrecipient r JOIN wecom_moment m ON m.id = r.moment_id
WHERE r.touch_id = ANY(%(touch_ids)s)
ORDER BY r.touch_id, m.id DESC
