-- Writes down what came of calls. A call that was settled meanwhile is left alone.
-- Params: ids bigint[], states text[], errors text[], due timestamptz[] (of those that stay queued); at timestamptz.
UPDATE journeys_webhookcall AS w SET
    state = f.state, error = f.error, due_at = f.due_at,
    settled_at = CASE WHEN f.state = 'queued' THEN NULL ELSE %(at)s::timestamptz END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(errors)s::text[], %(due)s::timestamptz[])
    AS f (id, state, error, due_at)
WHERE w.id = f.id AND w.state = 'queued'
