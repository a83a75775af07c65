-- Use one unit of the acquisition quota, of what expires first. Gives what is left in all; no row: nothing is left.
-- Params: now timestamptz.
WITH used AS (
    UPDATE sandbox_acquisitionquota
    SET balance = balance - 1
    WHERE id = (
        SELECT id
        FROM sandbox_acquisitionquota
        WHERE balance > 0 AND expires_at > %(now)s
        ORDER BY expires_at, id
        LIMIT 1
        FOR UPDATE
    )
    RETURNING id
)
SELECT (SELECT coalesce(sum(balance), 0) FROM sandbox_acquisitionquota WHERE expires_at > %(now)s) - 1 AS rest
FROM used
