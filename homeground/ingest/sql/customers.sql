-- Every living customer with what leads to them and what is said of them, a row each, oldest first; identities of one
-- kind, tags and attributes stand in one cell. No params.
COPY (
    SELECT customer.id, customer.name, customer.relation, customer.source,
        to_char(customer.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        known.phones, known.emails, known.member_nos, known.others, label.tags, said.attributes
    FROM people_customer AS customer
    LEFT JOIN LATERAL (
        SELECT string_agg(value, ';' ORDER BY value) FILTER (WHERE kind = 'phone') AS phones,
            string_agg(value, ';' ORDER BY value) FILTER (WHERE kind = 'email') AS emails,
            string_agg(value, ';' ORDER BY value) FILTER (WHERE kind = 'member_no') AS member_nos,
            string_agg(kind || ':' || value, ';' ORDER BY kind, value)
                FILTER (WHERE kind NOT IN ('phone', 'email', 'member_no')) AS others
        FROM people_identity AS identity
        JOIN people_customer AS person ON person.id = identity.customer_id
        WHERE person.id = customer.id OR person.merged_into_id = customer.id
    ) AS known ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(tag.name, ';' ORDER BY tag.name) AS tags
        FROM people_customertag AS worn JOIN people_tag AS tag ON tag.id = worn.tag_id
        WHERE worn.customer_id = customer.id AND (worn.expires_at IS NULL OR worn.expires_at > now())
    ) AS label ON true
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(attribute.key, value.value ORDER BY attribute.key)::text AS attributes
        FROM people_attributevalue AS value JOIN people_attribute AS attribute ON attribute.id = value.attribute_id
        WHERE value.customer_id = customer.id
    ) AS said ON true
    WHERE customer.merged_into_id IS NULL
    ORDER BY customer.id
) TO STDOUT
