-- Claims calls that are due: one more attempt each, stored before the call. (id, key, url, body, attempts)
-- Params: at timestamptz; again_at timestamptz, when it is due again if nothing is heard of this try; size.
UPDATE journeys_webhookcall AS w SET attempts = w.attempts + 1, due_at = %(again_at)s
WHERE w.id IN (
    SELECT id FROM journeys_webhookcall WHERE state = 'queued' AND due_at <= %(at)s
    ORDER BY due_at LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
RETURNING w.id, w.key, w.url, w.body::text, w.attempts
