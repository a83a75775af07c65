-- How many of some customers want no promotions by mass message: the newest of what they said on WeCom or anywhere is no.
-- Params: ids bigint[] (survivors).
SELECT count(*)
FROM (
    SELECT DISTINCT ON (person.root_id) k.is_granted
    FROM (
        SELECT id AS root_id, id FROM people_customer WHERE id = ANY(%(ids)s::bigint[])
        UNION ALL
        SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
    ) AS person
    JOIN people_consent k ON k.customer_id = person.id AND k.purpose = 'promotion'
     AND (k.channel = '*' OR k.channel IN (SELECT slug FROM channels_channel WHERE kind = 'wecom_mass'))
    ORDER BY person.root_id, k.decided_at DESC, k.is_granted
) AS said
WHERE NOT is_granted
