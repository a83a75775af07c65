-- Walks that are not the person's oldest in their journey with their key. Who is held out counts as there.
-- Params: journeys bigint[]; customers bigint[], all ids of the persons.
SELECT id FROM (
    SELECT e.id, e.state, row_number() OVER (
        PARTITION BY e.journey_id, coalesce(c.merged_into_id, c.id), e.key ORDER BY e.entered_at, e.id
    ) AS place
    FROM journeys_enrolment e JOIN people_customer c ON c.id = e.customer_id
    WHERE e.journey_id = ANY(%(journeys)s::bigint[]) AND e.customer_id = ANY(%(customers)s::bigint[])
      AND e.state <> 'ended'
) AS walks
WHERE place > 1 AND state = 'walking'
