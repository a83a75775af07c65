-- End the follows of some members that the platform has not shown since a moment.
-- Params: userids text[], before, at.
UPDATE wecom_follow AS follow SET ended_at = greatest(%(at)s, follow.began_at), ending = 'not_there'
FROM wecom_staff AS staff
WHERE staff.userid = ANY(%(userids)s) AND follow.staff_id = staff.id AND follow.ended_at IS NULL
    AND follow.seen_at < %(before)s
