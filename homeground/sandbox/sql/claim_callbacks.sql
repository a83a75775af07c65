-- Claim callbacks that are due, oldest first, for one try; a try that fails is repeated after 2, then 4 seconds.
-- Params: now timestamptz, batch int.
UPDATE sandbox_corpcallback AS callback
SET tries = callback.tries + 1,
    due_at = %(now)s + interval '2 seconds' * (callback.tries + 1)
FROM (
    SELECT id
    FROM sandbox_corpcallback
    WHERE state = 'waiting' AND due_at <= %(now)s
    ORDER BY due_at, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
) AS due
WHERE callback.id = due.id
RETURNING callback.id, callback.xml
