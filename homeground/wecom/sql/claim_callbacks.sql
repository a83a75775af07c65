-- Claim waiting callbacks whose time has come, oldest first; of each contact or group only the first that waits, so that
-- they are handled in the order they came. A claim ends by itself, should its worker die.
-- Params: now, until, most.
UPDATE wecom_callback AS callback SET try_at = %(until)s, attempts = callback.attempts + 1
FROM (
    SELECT id FROM wecom_callback AS waiting
    WHERE state = 'waiting' AND try_at <= %(now)s
        AND (subject = '' OR NOT EXISTS (
            SELECT FROM wecom_callback AS earlier
            WHERE earlier.state = 'waiting' AND earlier.subject = waiting.subject AND earlier.id < waiting.id
        ))
    ORDER BY id
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
) AS claimed
WHERE callback.id = claimed.id
RETURNING callback.id, callback.event, callback.body, callback.told_at, callback.attempts
