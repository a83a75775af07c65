-- Writes what the platform tells of recipients, and gives those that changed:
-- (touch_id, customer_id, status, sent_at). Delivered stays delivered; a repeat changes nothing.
-- Params: mass_send_id; recipients text[], userids text[], statuses int[], sent timestamptz[] (null unless delivered).
WITH told AS (
    SELECT DISTINCT ON (given.recipient) given.recipient, s.id AS staff_id, given.status, given.sent_at
    FROM unnest(%(recipients)s::text[], %(userids)s::text[], %(statuses)s::int[], %(sent)s::timestamptz[])
        AS given (recipient, userid, status, sent_at)
    LEFT JOIN wecom_staff s ON s.userid = lower(given.userid)
    ORDER BY given.recipient, given.status = 1 DESC, given.status DESC
),
before AS (
    SELECT r.recipient, r.status FROM wecom_masssendrecipient r JOIN told ON told.recipient = r.recipient
    WHERE r.mass_send_id = %(mass_send_id)s
    FOR UPDATE OF r
),
written AS (
    INSERT INTO wecom_masssendrecipient AS r (mass_send_id, recipient, staff_id, status, sent_at)
    SELECT %(mass_send_id)s, told.recipient, told.staff_id, told.status, told.sent_at
    FROM told ORDER BY told.recipient
    ON CONFLICT (mass_send_id, recipient) DO UPDATE
    SET staff_id = coalesce(excluded.staff_id, r.staff_id), status = excluded.status, sent_at = excluded.sent_at
    WHERE r.status <> 1
      AND (r.staff_id, r.status, r.sent_at) IS DISTINCT FROM (excluded.staff_id, excluded.status, excluded.sent_at)
    RETURNING r.recipient, r.touch_id, r.status, r.sent_at
)
SELECT w.touch_id, contact.customer_id, w.status, w.sent_at
FROM written w
LEFT JOIN before ON before.recipient = w.recipient
LEFT JOIN wecom_externalcontact contact ON contact.external_userid = w.recipient
WHERE w.touch_id IS NOT NULL AND w.status <> 0 AND before.status IS DISTINCT FROM w.status
ORDER BY w.touch_id
