-- The members whose results have something to tell: nobody is known to be theirs yet, or they have confirmed and
-- somebody of theirs still waits. Params: mass_send_id.
SELECT s.userid
FROM wecom_masssendtask t
JOIN wecom_staff s ON s.id = t.staff_id
LEFT JOIN LATERAL (
    SELECT count(*) AS people, count(*) FILTER (WHERE r.status = 0) AS waiting
    FROM wecom_masssendrecipient r WHERE r.mass_send_id = t.mass_send_id AND r.staff_id = t.staff_id
) AS theirs ON true
WHERE t.mass_send_id = %(mass_send_id)s
  AND (theirs.people = 0 OR (t.confirmed_at IS NOT NULL AND theirs.waiting > 0))
ORDER BY s.userid
