-- Ends waits for events: what happened since the wait began, and before its time was over, counts. Due at once then.
-- Params: versions bigint[], customers bigint[], moments timestamptz[], nodes text[]; at timestamptz.
UPDATE journeys_enrolment AS e SET woken_at = sign.at, due_at = least(e.due_at, %(at)s::timestamptz)
FROM (
    SELECT w.id, min(given.at) AS at
    FROM unnest(%(versions)s::bigint[], %(customers)s::bigint[], %(moments)s::timestamptz[], %(nodes)s::text[])
        AS given (version_id, customer_id, at, node)
    JOIN journeys_enrolment w ON w.version_id = given.version_id AND w.customer_id = given.customer_id
     AND w.node = given.node
    WHERE w.state = 'walking' AND w.woken_at IS NULL AND given.at >= w.arrived_at AND given.at < w.due_at
    GROUP BY w.id
) AS sign
WHERE e.id = sign.id
