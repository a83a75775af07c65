-- Whether one survivor has a tag, on whichever of its customers it was put; NULL where not. For tags that many have.
-- Params, by position: the tag's name. Outer: people_customer.
SELECT true
FROM people_customertag AS put
WHERE put.tag_id = (SELECT id FROM people_tag WHERE name = %s) AND put.customer_id IN (
    SELECT people_customer.id
    UNION ALL SELECT absorbed.id FROM people_customer AS absorbed WHERE absorbed.merged_into_id = people_customer.id
)
LIMIT 1
