-- Move the walkers of one older version by the node map: they stand at the new node now.
-- Params: version_id (the new one), old_id, at, nodes jsonb {old node: new node}, kept jsonb {old node: what stays}:
--   "arrival" for a wait of the same kind, which is counted on from when it began; "woken" too where it waits for the
--   same event: what came meanwhile has come. Whoever is not in the map is left where they are.
UPDATE journeys_enrolment
SET version_id = %(version_id)s,
    node = %(nodes)s::jsonb ->> node,
    arrived_at = CASE WHEN %(kept)s::jsonb ? node THEN arrived_at ELSE %(at)s END,
    woken_at = CASE WHEN %(kept)s::jsonb ->> node = 'woken' THEN woken_at END,
    due_at = %(at)s
WHERE version_id = %(old_id)s AND state = 'walking' AND %(nodes)s::jsonb ? node
