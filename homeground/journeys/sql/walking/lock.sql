-- Locks every walk of these customers in these journeys, wherever it stands, and counts them.
-- No filter on the node: a row that a batch is moving this moment is waited for, and then looked at where it has come.
-- Params: journeys bigint[]; customers bigint[].
SELECT count(*) FROM (
    SELECT e.id FROM journeys_enrolment e
    WHERE e.journey_id = ANY(%(journeys)s::bigint[]) AND e.customer_id = ANY(%(customers)s::bigint[])
      AND e.state = 'walking'
    ORDER BY e.id
    FOR UPDATE OF e
) AS locked
