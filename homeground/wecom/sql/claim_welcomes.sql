-- Claim welcomes that wait, oldest first. Of one friendship - the callbacks of a member and a contact since the last
-- removal - one is sent: while another is being sent this one waits, after it was sent this one is dropped.
-- Gives (id, code, userid, external_userid, body, told_at, received_at). Params: now, most.
WITH waiting AS (
    SELECT id, userid, subject FROM wecom_callback
    WHERE welcome = 'waiting'
    ORDER BY id
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
), weighed AS MATERIALIZED (
    SELECT waiting.id, EXISTS (
        SELECT FROM waiting AS first
        WHERE first.userid = waiting.userid AND first.subject = waiting.subject AND first.id < waiting.id
    ) AS is_second, (
        SELECT max(CASE other.welcome WHEN 'sending' THEN 1 ELSE 2 END)
        FROM wecom_callback AS other
        WHERE other.subject = waiting.subject AND other.subject <> ''  -- So that the index of subjects serves.
            AND other.userid = waiting.userid AND other.id < waiting.id
            AND other.welcome IN ('sending', 'sent', 'unknown')
            AND NOT EXISTS (
                SELECT FROM wecom_callback AS removal
                WHERE removal.subject = waiting.subject AND removal.subject <> '' AND removal.userid = waiting.userid
                    AND removal.id BETWEEN other.id AND waiting.id
                    AND removal.event IN (
                        'change_external_contact.del_external_contact', 'change_external_contact.del_follow_user'
                    )
            )
    ) AS before
    FROM waiting
), settled AS (
    UPDATE wecom_callback AS callback
    SET welcome = CASE WHEN weighed.before = 2 THEN 'already' ELSE 'sending' END, welcome_claimed_at = %(now)s
    FROM weighed
    WHERE callback.id = weighed.id AND (weighed.before = 2 OR weighed.before IS NULL AND NOT weighed.is_second)
    RETURNING callback.id, callback.welcome_code, callback.userid, callback.subject, callback.body, callback.told_at,
        callback.received_at, callback.welcome
)
SELECT id, welcome_code, userid, subject, body, told_at, received_at FROM settled WHERE welcome = 'sending'
