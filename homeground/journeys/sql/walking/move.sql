-- Writes where walks stand now, and which have ended.
-- Params: ids bigint[], nodes text[], arrived timestamptz[], due timestamptz[], woken timestamptz[], steps int[],
-- endings text[] ('': it goes on), errors text[]; at timestamptz.
UPDATE journeys_enrolment AS e SET
    node = m.node, arrived_at = m.arrived_at, due_at = m.due_at, woken_at = m.woken_at, steps = m.steps,
    state = CASE WHEN m.ending = '' THEN 'walking' ELSE 'ended' END, ending = m.ending, error = m.error,
    ended_at = CASE WHEN m.ending = '' THEN NULL ELSE %(at)s::timestamptz END
FROM unnest(%(ids)s::bigint[], %(nodes)s::text[], %(arrived)s::timestamptz[], %(due)s::timestamptz[],
            %(woken)s::timestamptz[], %(steps)s::int[], %(endings)s::text[], %(errors)s::text[])
    AS m (id, node, arrived_at, due_at, woken_at, steps, ending, error)
WHERE e.id = m.id
