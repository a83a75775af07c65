-- Survivors with a tag, on whichever of their customers it was put. For tags that few have.
-- Params, by position: the tag's name, twice.
SELECT put.customer_id FROM people_customertag AS put WHERE put.tag_id = (SELECT id FROM people_tag WHERE name = %s)
UNION ALL
SELECT absorbed.merged_into_id
FROM people_customer AS absorbed
JOIN people_customertag AS put ON put.customer_id = absorbed.id
WHERE absorbed.merged_into_id IS NOT NULL AND put.tag_id = (SELECT id FROM people_tag WHERE name = %s)
