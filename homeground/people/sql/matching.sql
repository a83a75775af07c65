-- Survivors whose phone, e-mail, number or WeChat id begins with a text, or whose name has it. At most a thousand of each:
-- a search that fits more people is one nobody reads to the end.
-- Params, by position: the text as a prefix pattern; the same in lower case (e-mails); its bigrams text[], twice; the
-- lower-case text as a pattern for anywhere; the prefix pattern once more (one character has no bigrams).
SELECT coalesce(customer.merged_into_id, customer.id)
FROM (
    (SELECT customer_id FROM people_identity WHERE value LIKE %s AND kind NOT IN ('device', 'anonymous') LIMIT 1000)
    UNION ALL
    (SELECT customer_id FROM people_identity WHERE value LIKE %s AND kind = 'email' LIMIT 1000)
    UNION ALL
    (SELECT id FROM people_customer
     WHERE cardinality(%s::text[]) > 0 AND name <> '' AND name_grams @> %s::text[] AND lower(name) LIKE %s LIMIT 1000)
    UNION ALL
    (SELECT id FROM people_customer WHERE name <> '' AND name LIKE %s LIMIT 1000)
) AS found
JOIN people_customer AS customer ON customer.id = found.customer_id
