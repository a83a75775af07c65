-- A follow that a sync missed, and that is there after all: the same friendship, so the same row.
UPDATE wecom_follow AS follow SET ended_at = NULL, ending = ''
FROM wecom_given AS given
WHERE follow.staff_id = given.staff_id AND follow.contact_id = given.contact_id AND follow.ending = 'not_there'
    AND follow.ended_at < given.read_at
    AND follow.began_at BETWEEN given.began_at - interval '5 seconds' AND given.began_at + interval '5 seconds'
    AND NOT EXISTS (
        SELECT FROM wecom_follow AS other
        WHERE other.staff_id = given.staff_id AND other.contact_id = given.contact_id AND other.ended_at IS NULL
    )
