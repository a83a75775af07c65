-- The customers of a campaign to groups, as frozen: (chat_id, arm treated | holdout, person), persons by the survivor of
-- merges since. Params: campaign_id.
SELECT t.chat_id, CASE t.state WHEN 'held_out' THEN 'holdout' ELSE 'treated' END AS arm,
       coalesce(c.merged_into_id, c.id) AS person
FROM journeys_grouptouch t
CROSS JOIN LATERAL unnest(t.customer_ids) AS place (customer_id)
JOIN people_customer c ON c.id = place.customer_id
WHERE t.campaign_id = %(campaign_id)s
GROUP BY 1, 2, 3
