-- Keep the first time of each kind of evidence; gives the customers for whom a kind is new or was earlier than known.
-- Params, by position: customer bigint[], event name text[], stage text[], moment timestamptz[].
INSERT INTO people_relationevidence AS known (customer_id, name, stage, first_at)
SELECT customer.id, seen.name, seen.stage, min(seen.at)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS seen(customer_id, name, stage, at)
JOIN people_customer AS customer ON customer.id = seen.customer_id
GROUP BY customer.id, seen.name, seen.stage
ORDER BY customer.id, seen.name
ON CONFLICT (customer_id, name) DO UPDATE SET first_at = excluded.first_at WHERE excluded.first_at < known.first_at
RETURNING customer_id
