-- What persons have as an attribute of dates: the newest of all their customers. (person, value)
-- Params: key; ids bigint[], survivors.
SELECT DISTINCT ON (member.root) member.root, said.value
FROM (
    SELECT id, id AS root FROM unnest(%(ids)s::bigint[]) AS given (id)
    UNION ALL SELECT id, merged_into_id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
) AS member
JOIN people_attributevalue AS said ON said.customer_id = member.id
WHERE said.attribute_id = (SELECT id FROM people_attribute WHERE key = %(key)s)
ORDER BY member.root, said.said_at DESC, member.id
