-- Persons on WeCom, and whether they bought: one row a survivor whose tags are not as they should be.
-- Bought: an order (sale) that was paid, whatever was given back later; the same rule as the built-in segments.
-- Params: bought, not_bought text, the tags' names.
WITH person AS (
    SELECT DISTINCT coalesce(customer.merged_into_id, customer.id) AS id
    FROM wecom_externalcontact AS contact JOIN people_customer AS customer ON customer.id = contact.customer_id
),
member AS (
    SELECT id AS root_id, id FROM person
    UNION ALL
    SELECT customer.merged_into_id, customer.id
    FROM people_customer AS customer JOIN person ON person.id = customer.merged_into_id
),
buyer AS (
    SELECT DISTINCT member.root_id
    FROM member JOIN commerce_order AS orders ON orders.customer_id = member.id AND orders.kind = 'sale'
),
tagged AS (
    SELECT member.root_id, bool_or(tag.name = %(bought)s) AS has_bought, bool_or(tag.name = %(not_bought)s) AS has_not
    FROM people_customertag AS put
    JOIN people_tag AS tag ON tag.id = put.tag_id AND tag.name IN (%(bought)s, %(not_bought)s)
    JOIN member ON member.id = put.customer_id
    GROUP BY member.root_id
)
SELECT person.id, buyer.root_id IS NOT NULL AS is_buyer
FROM person
LEFT JOIN buyer ON buyer.root_id = person.id
LEFT JOIN tagged ON tagged.root_id = person.id
WHERE coalesce(tagged.has_bought, false) <> (buyer.root_id IS NOT NULL)
   OR coalesce(tagged.has_not, false) <> (buyer.root_id IS NULL)
