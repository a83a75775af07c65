-- Who takes the next step in a span at some nodes: (person, day, place), place being the pair's number from 0.
-- Params: since, until, now timestamptz; zone text; versions bigint[], nodes text[] (pairs).
SELECT coalesce(c.merged_into_id, c.id) AS person,
       (greatest(e.due_at, %(now)s::timestamptz) AT TIME ZONE %(zone)s)::date AS day, given.place - 1 AS place
FROM unnest(%(versions)s::bigint[], %(nodes)s::text[]) WITH ORDINALITY AS given (version_id, node, place)
JOIN journeys_enrolment e ON e.version_id = given.version_id AND e.node = given.node AND e.state = 'walking'
JOIN people_customer c ON c.id = e.customer_id
WHERE e.due_at < %(until)s AND greatest(e.due_at, %(now)s::timestamptz) >= %(since)s
