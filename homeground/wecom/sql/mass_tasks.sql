-- Writes which members have to confirm a mass send, and who has. Confirmed stays confirmed.
-- Params: mass_send_id; userids text[], confirmed timestamptz[] (null: not yet).
INSERT INTO wecom_masssendtask (mass_send_id, staff_id, confirmed_at)
SELECT %(mass_send_id)s, s.id, min(told.confirmed_at)
FROM unnest(%(userids)s::text[], %(confirmed)s::timestamptz[]) AS told (userid, confirmed_at)
JOIN wecom_staff s ON s.userid = lower(told.userid)
GROUP BY s.id
ON CONFLICT (mass_send_id, staff_id) DO UPDATE SET confirmed_at = excluded.confirmed_at
WHERE wecom_masssendtask.confirmed_at IS NULL AND excluded.confirmed_at IS NOT NULL
