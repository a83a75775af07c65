-- Writes where walks stand now, which have ended, and the steps they took on the way. Walks that fared alike share a fate.
-- Params: ids, fates (of each walk, an index from 1); of each fate: nodes text[], due timestamptz[], added int[] (steps),
-- endings text[] ('': it goes on), errors text[], moved bool[] (it stands at another node, or ended); of each step of a
-- fate: step_fates, step_numbers (from 1) int[], step_versions bigint[], step_nodes, step_ways, step_details text[];
-- at timestamptz.
-- Whole numbers come as texts like '{1,2}': several times as fast to write as lists.
WITH fate AS (
    SELECT * FROM unnest(%(nodes)s::text[], %(due)s::timestamptz[], %(added)s::int[], %(endings)s::text[],
                         %(errors)s::text[], %(moved)s::bool[])
        WITH ORDINALITY AS f (node, due_at, added, ending, error, has_moved, fate)
),
moved AS (
    UPDATE journeys_enrolment AS e SET
        node = fate.node, due_at = fate.due_at, steps = e.steps + fate.added,
        arrived_at = CASE WHEN fate.has_moved THEN %(at)s::timestamptz ELSE e.arrived_at END,
        woken_at = CASE WHEN fate.has_moved THEN NULL ELSE e.woken_at END,
        state = CASE WHEN fate.ending = '' THEN 'walking' ELSE 'ended' END, ending = fate.ending, error = fate.error,
        ended_at = CASE WHEN fate.ending = '' THEN NULL ELSE %(at)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(fates)s::int[]) AS m (id, fate) JOIN fate ON fate.fate = m.fate
    WHERE e.id = m.id
    RETURNING e.id, m.fate, e.steps - fate.added AS before
)
INSERT INTO journeys_steptaken (enrolment_id, number, version_id, node, way, at, detail)
SELECT moved.id, moved.before + step.number, step.version_id, step.node, step.way, %(at)s, step.detail::jsonb
FROM moved
JOIN unnest(%(step_fates)s::int[], %(step_numbers)s::int[], %(step_versions)s::bigint[], %(step_nodes)s::text[],
            %(step_ways)s::text[], %(step_details)s::text[])
    AS step (fate, number, version_id, node, way, detail) ON step.fate = moved.fate
