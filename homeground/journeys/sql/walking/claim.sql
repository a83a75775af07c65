-- Claims the walks of one journey that are due, the longest due first; those that another worker moves are passed over.
-- One row a walk: (id, who the person is now, their zone or '', version, node, steps, whether what it waited for came).
-- Params: journey_id; at timestamptz; size.
SELECT e.id, coalesce(c.merged_into_id, c.id),
       CASE WHEN c.merged_into_id IS NULL THEN c.time_zone
            ELSE (SELECT r.time_zone FROM people_customer r WHERE r.id = c.merged_into_id) END,
       e.version_id, e.node, e.steps, e.woken_at IS NOT NULL
FROM journeys_enrolment e JOIN people_customer c ON c.id = e.customer_id
WHERE e.journey_id = %(journey_id)s AND e.state = 'walking' AND e.due_at <= %(at)s
ORDER BY e.due_at
LIMIT %(size)s
FOR UPDATE OF e SKIP LOCKED
