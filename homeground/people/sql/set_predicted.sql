-- Attribute values as predicted_row has them, for customers from low up to high: new and changed ones written, others removed.
-- Gives how many customers changed; they are marked for the warehouse.
-- Params: keys text[], source text, at timestamptz, low bigint, high bigint.
-- An absorbed customer keeps no prediction: the person's is the survivor's.
WITH written AS (
    INSERT INTO people_attributevalue AS known (customer_id, attribute_id, value, source, said_at)
    SELECT customer.id, attribute.id, predicted_row.value, %(source)s, %(at)s
    FROM predicted_row
    JOIN people_attribute AS attribute ON attribute.key = predicted_row.key
    JOIN people_customer AS customer ON customer.id = predicted_row.customer_id AND customer.merged_into_id IS NULL
    ORDER BY customer.id, attribute.id
    ON CONFLICT (customer_id, attribute_id) DO UPDATE
    SET value = excluded.value, source = excluded.source, said_at = excluded.said_at
    WHERE (known.value, known.source) IS DISTINCT FROM (excluded.value, excluded.source)
    RETURNING customer_id
), removed AS (
    DELETE FROM people_attributevalue AS said
    USING people_attribute AS attribute, people_customer AS customer
    WHERE attribute.id = said.attribute_id AND attribute.key = ANY(%(keys)s::text[]) AND said.source = %(source)s
        AND said.customer_id >= %(low)s AND said.customer_id < %(high)s
        AND customer.id = said.customer_id
        AND (customer.merged_into_id IS NOT NULL OR NOT EXISTS (
            SELECT FROM predicted_row
            WHERE predicted_row.customer_id = said.customer_id AND predicted_row.key = attribute.key
        ))
    RETURNING said.customer_id, customer.merged_into_id
), changed AS (
    SELECT customer_id FROM written
    UNION SELECT customer_id FROM removed
    UNION SELECT merged_into_id FROM removed WHERE merged_into_id IS NOT NULL
), marked AS (
    INSERT INTO people_stale (customer_id) SELECT customer_id FROM changed
)
SELECT count(*) FROM changed
