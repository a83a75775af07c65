-- A friendship that began anew ended before, though nobody told us: keep the old one as history.
-- Five seconds: a callback's time may stand in for the platform's own.
UPDATE wecom_follow AS follow SET ended_at = given.began_at, ending = 'not_there'
FROM wecom_given AS given
WHERE follow.staff_id = given.staff_id AND follow.contact_id = given.contact_id AND follow.ended_at IS NULL
    AND NOT follow.is_pending AND follow.began_at < given.began_at - interval '5 seconds'
    AND follow.seen_at <= given.read_at
