-- Walks that take their next step in a span, by journey, version, node and day of a zone; what is overdue counts as now.
-- Params: since, until, now timestamptz; zone text; journeys bigint[].
SELECT journey_id, version_id, node, (greatest(due_at, %(now)s::timestamptz) AT TIME ZONE %(zone)s)::date AS day, count(*)
FROM journeys_enrolment
WHERE journey_id = ANY(%(journeys)s) AND state = 'walking' AND due_at < %(until)s
  AND greatest(due_at, %(now)s::timestamptz) >= %(since)s
GROUP BY 1, 2, 3, 4
ORDER BY 4, 1, 2, 3
