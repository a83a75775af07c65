-- Customer groups that a plan means: (chat row, customers in it now), dismissed ones left out. Customers are survivors.
-- Params: owners bigint[] (of wecom_staff; empty: whoever's); name text (part of the name, any case; empty: any);
-- least int (so many of the segment at least are in it); members bigint[] (customers of the segment).
SELECT g.id, coalesce(array_agg(DISTINCT person.id) FILTER (WHERE person.id IS NOT NULL), '{}')
FROM wecom_groupchat g
LEFT JOIN wecom_groupmember m ON m.chat_id = g.id AND m.left_at IS NULL AND m.customer_id IS NOT NULL
LEFT JOIN people_customer said ON said.id = m.customer_id
LEFT JOIN people_customer person ON person.id = coalesce(said.merged_into_id, said.id)
WHERE g.dismissed_at IS NULL
  AND (cardinality(%(owners)s::bigint[]) = 0 OR g.owner_id = ANY(%(owners)s::bigint[]))
  AND position(lower(%(name)s) IN lower(g.name)) > 0
GROUP BY g.id
HAVING count(DISTINCT person.id) FILTER (WHERE person.id = ANY(%(members)s::bigint[]) OR said.id = ANY(%(members)s::bigint[]))
    >= %(least)s
ORDER BY g.id
