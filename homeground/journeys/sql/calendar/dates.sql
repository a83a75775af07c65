-- Customers whose date attribute falls on each of some days: (day, customers). keys: the date as it is written, or its
-- month and day for anniversaries; a day may stand there with several keys.
-- Params: attribute text; days date[], keys text[] (pairs); yearly boolean.
SELECT given.day, count(DISTINCT v.customer_id)
FROM unnest(%(days)s::date[], %(keys)s::text[]) AS given (day, key)
JOIN people_attributevalue v
  ON v.attribute_id = (SELECT id FROM people_attribute WHERE key = %(attribute)s)
 AND CASE WHEN %(yearly)s THEN substr(v.value, 6, 5) ELSE left(v.value, 10) END = given.key
JOIN people_customer c ON c.id = v.customer_id AND c.merged_into_id IS NULL
GROUP BY given.day ORDER BY given.day
