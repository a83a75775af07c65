-- Survivors with a tag, on whichever of their customers it was put.
-- Params, by position: the tag's name.
SELECT coalesce(customer.merged_into_id, customer.id)
FROM people_customertag AS put
JOIN people_customer AS customer ON customer.id = put.customer_id
WHERE put.tag_id = (SELECT id FROM people_tag WHERE name = %s)
