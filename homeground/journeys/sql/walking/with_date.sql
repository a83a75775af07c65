-- Persons whose date is one of these: (person, value). The newest of all their customers counts.
-- Params: key; days text[] (YYYY-MM-DD, or MM-DD where every year counts); yearly.
WITH said AS (
    SELECT DISTINCT coalesce(c.merged_into_id, c.id) AS root
    FROM people_attributevalue v JOIN people_customer c ON c.id = v.customer_id
    WHERE v.attribute_id = (SELECT id FROM people_attribute WHERE key = %(key)s)
      AND CASE WHEN %(yearly)s THEN right(v.value, 5) ELSE v.value END = ANY(%(days)s::text[])
)
SELECT DISTINCT ON (said.root) said.root, v.value
FROM said
JOIN people_customer c ON c.id = said.root OR c.merged_into_id = said.root
JOIN people_attributevalue v ON v.customer_id = c.id
 AND v.attribute_id = (SELECT id FROM people_attribute WHERE key = %(key)s)
ORDER BY said.root, v.said_at DESC, v.customer_id
