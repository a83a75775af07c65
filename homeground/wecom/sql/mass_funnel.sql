-- How each member of staff got on with a campaign's mass sends and posts: (staff_id, name, userid, assigned, notified,
-- confirmed, delivered, failed: customers, or groups of sends to groups; the earliest moments of notice and confirmation;
-- whether anything waits). A group that was confirmed and is not told of when the send is over was not sent to.
-- The most customers first. Params: campaign_id.
WITH person AS (
    SELECT r.staff_id, t.notified_at, t.confirmed_at, r.status = 1 AS is_delivered, r.status IN (2, 3) OR s.is_group AND s.state = 'done' AND r.status = 0 AND t.confirmed_at IS NOT NULL AS is_failed,
           s.state = 'placed' AND t.confirmed_at IS NULL AS is_waiting
    FROM wecom_masssend s
    JOIN wecom_masssendrecipient r ON r.mass_send_id = s.id AND r.status <> -1
    JOIN wecom_masssendtask t ON t.mass_send_id = s.id AND t.staff_id = r.staff_id
    WHERE s.campaign_id = %(campaign_id)s
    UNION ALL
    SELECT r.staff_id, p.notified_at, p.published_at, v.id IS NOT NULL, m.state = 'done' AND v.id IS NULL,
           m.state = 'placed' AND p.published_at IS NULL
    FROM wecom_moment m
    JOIN wecom_momentrecipient r ON r.moment_id = m.id AND r.marked_at IS NOT NULL
    JOIN wecom_momentpost p ON p.moment_id = m.id AND p.staff_id = r.staff_id
    LEFT JOIN wecom_momentviewer v ON v.post_id = p.id AND v.contact_id = r.contact_id
    WHERE m.campaign_id = %(campaign_id)s
)
SELECT staff.id, staff.name, staff.userid, count(*), count(person.notified_at), count(person.confirmed_at),
       count(*) FILTER (WHERE is_delivered), count(*) FILTER (WHERE is_failed), min(person.notified_at),
       min(person.confirmed_at), bool_or(person.is_waiting)
FROM person JOIN wecom_staff staff ON staff.id = person.staff_id
GROUP BY staff.id
ORDER BY count(*) DESC, staff.id
