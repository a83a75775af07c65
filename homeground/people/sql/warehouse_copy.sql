-- Customers as the warehouse has them (events.customers), one row an id: a survivor with all that is known of the person.
-- A decision on every channel ("*") ends the older ones on single channels. Tags that have expired are left out.
-- Params: ids bigint[], at timestamptz, version bigint.
WITH wanted AS (
    SELECT id FROM unnest(%(ids)s::bigint[]) AS given(id)
), member AS (
    SELECT id AS person, id FROM wanted
    UNION ALL
    SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
), kind AS (
    SELECT member.person, array_agg(DISTINCT identity.kind::text ORDER BY identity.kind::text) AS kinds
    FROM member JOIN people_identity AS identity ON identity.customer_id = member.id
    GROUP BY member.person
), tag AS (
    SELECT member.person, array_agg(DISTINCT tag.name::text ORDER BY tag.name::text) AS names
    FROM member
    JOIN people_customertag AS put ON put.customer_id = member.id AND (put.expires_at IS NULL OR put.expires_at > %(at)s)
    JOIN people_tag AS tag ON tag.id = put.tag_id
    GROUP BY member.person
), newest_decision AS (
    SELECT DISTINCT ON (member.person, consent.purpose, consent.channel)
        member.person, consent.purpose, consent.channel, consent.is_granted, consent.decided_at
    FROM member JOIN people_consent AS consent ON consent.customer_id = member.id
    ORDER BY member.person, consent.purpose, consent.channel, consent.decided_at DESC, consent.is_granted
), decision AS (
    SELECT *, max(decided_at) FILTER (WHERE channel = '*') OVER (PARTITION BY person, purpose) AS all_decided_at
    FROM newest_decision
), consent AS (
    SELECT person,
        array_agg(purpose || ':' || channel ORDER BY purpose, channel) FILTER (WHERE is_granted) AS granted,
        array_agg(purpose || ':' || channel ORDER BY purpose, channel) FILTER (WHERE NOT is_granted) AS refused
    FROM decision
    WHERE channel = '*' OR all_decided_at IS NULL OR decided_at >= all_decided_at
    GROUP BY person
), newest_value AS (
    SELECT DISTINCT ON (member.person, attribute.key) member.person, attribute.key, said.value
    FROM member
    JOIN people_attributevalue AS said ON said.customer_id = member.id
    JOIN people_attribute AS attribute ON attribute.id = said.attribute_id AND NOT attribute.is_personal
    ORDER BY member.person, attribute.key, said.said_at DESC, member.id
), attribute AS (
    SELECT person, jsonb_object_agg(key, value) AS said FROM newest_value GROUP BY person
), known AS (
    SELECT member.person, min(customer.created_at) AS since
    FROM member JOIN people_customer AS customer ON customer.id = member.id
    GROUP BY member.person
)
SELECT customer.id, coalesce(customer.merged_into_id, customer.id), known.since, customer.source, customer.relation,
    coalesce(kind.kinds, '{}'), coalesce(tag.names, '{}'), coalesce(consent.granted, '{}'), coalesce(consent.refused, '{}'),
    coalesce(attribute.said, '{}'), %(version)s::bigint, 0
FROM wanted
JOIN people_customer AS customer USING (id)
JOIN known ON known.person = customer.id
LEFT JOIN kind ON kind.person = customer.id
LEFT JOIN tag ON tag.person = customer.id
LEFT JOIN consent ON consent.person = customer.id
LEFT JOIN attribute ON attribute.person = customer.id
