-- Take predictions off persons, whichever of their customers they stand on. Gives how many persons had one; marks them.
-- Params: keys text[], source text, roots bigint[]: survivors.
WITH member AS (
    SELECT id AS root, id FROM unnest(%(roots)s::bigint[]) AS given(id)
    UNION ALL SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(roots)s::bigint[])
), removed AS (
    DELETE FROM people_attributevalue AS said
    USING member, people_attribute AS attribute
    WHERE said.customer_id = member.id AND attribute.id = said.attribute_id
        AND attribute.key = ANY(%(keys)s::text[]) AND said.source = %(source)s
    RETURNING member.root, said.customer_id
), marked AS (
    INSERT INTO people_stale (customer_id) SELECT root FROM removed UNION SELECT customer_id FROM removed
)
SELECT count(DISTINCT root) FROM removed
