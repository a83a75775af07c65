-- Writes down what the channel said of touches that were handed to it. A touch whose key is another's is left alone,
-- and so is one that a receipt has moved on meanwhile.
-- Params: ids bigint[], keys uuid[], states text[], reasons text[], details jsonb[], due timestamptz[].
-- state queued: definitely not sent, to be tried again when due; suppressed: the campaign was cancelled meanwhile.
UPDATE journeys_touch AS t SET
    state = s.state, reason = s.reason, detail = s.detail,
    due_at = coalesce(s.due_at, t.due_at),
    first_due_at = CASE WHEN s.due_at IS NULL THEN t.first_due_at ELSE coalesce(t.first_due_at, t.due_at) END,
    sent_at = CASE WHEN s.state IN ('queued', 'suppressed') THEN NULL ELSE t.sent_at END
FROM unnest(%(ids)s::bigint[], %(keys)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(details)s::jsonb[],
            %(due)s::timestamptz[]) AS s (id, key, state, reason, detail, due_at)
WHERE t.id = s.id AND t.key = s.key AND t.state IN ('sending', 'unknown')
