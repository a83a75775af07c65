-- What is known of touches that were handed to us: (touch_id, state of its newest mass send, status of its recipient).
-- Params: touch_ids bigint[]. A touch that never came as far as a row is left out.
SELECT DISTINCT ON (r.touch_id) r.touch_id, s.state, r.status
FROM wecom_masssendrecipient r JOIN wecom_masssend s ON s.id = r.mass_send_id
WHERE r.touch_id = ANY(%(touch_ids)s)
ORDER BY r.touch_id, s.id DESC
