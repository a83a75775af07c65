-- Set each person's name to the newest that was said of any of its customers; empty where none was.
-- Params: ids bigint[]: customers of those persons.
WITH root AS (
    SELECT DISTINCT coalesce(merged_into_id, id) AS id FROM people_customer WHERE id = ANY(%(ids)s::bigint[])
), member AS (
    SELECT id, id AS root FROM root
    UNION ALL SELECT customer.id, root.id FROM people_customer AS customer JOIN root ON customer.merged_into_id = root.id
), newest AS (
    SELECT DISTINCT ON (member.root) member.root, left(said.value, 100) AS name
    FROM member
    LEFT JOIN people_attributevalue AS said
        ON said.customer_id = member.id AND said.attribute_id = (SELECT id FROM people_attribute WHERE key = 'name')
    ORDER BY member.root, said.said_at DESC NULLS LAST, member.id
)
UPDATE people_customer AS customer SET name = coalesce(newest.name, '')
FROM newest WHERE newest.root = customer.id AND customer.name <> coalesce(newest.name, '')
