-- Everyone of a campaign's frozen audience: (person, arm, relation). PostgreSQL, read by COPY.
-- person: who the customer is now, merges followed. relation: the stage at the freeze, before the campaign could move it.
-- Params: campaign_id; frozen_at timestamptz.
SELECT coalesce(c.merged_into_id, c.id) AS person, p.arm, coalesce(moved.before, c.relation) AS relation
FROM journeys_participant p
JOIN people_customer c ON c.id = p.customer_id
LEFT JOIN (
    SELECT DISTINCT ON (customer_id) customer_id, before
    FROM people_relationmove WHERE moved_at > %(frozen_at)s ORDER BY customer_id, moved_at, id
) AS moved ON moved.customer_id = c.id
WHERE p.campaign_id = %(campaign_id)s
