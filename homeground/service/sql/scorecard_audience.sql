-- Friends and buyers by audience: one row for each label. Persons, each once; a buyer bought in the span while a friend, as on
-- the card.
-- Params: since, until timestamptz; by text: bought (before the span or not), tag (the 20 with most friends) or
-- segment; staff bigint[] (null: everybody); persons bigint[] and names text[] side by side (of segments, else empty).
WITH friend AS MATERIALIZED (
    SELECT COALESCE(customer.merged_into_id, customer.id) AS person, follow.began_at, follow.ended_at
    FROM wecom_follow AS follow
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE NOT follow.is_pending AND follow.began_at < %(until)s
        AND (follow.ended_at IS NULL OR follow.ended_at >= %(since)s)
        AND (%(staff)s::bigint[] IS NULL OR follow.staff_id = ANY(%(staff)s::bigint[]))
), one AS MATERIALIZED (
    SELECT DISTINCT person FROM friend
), sale AS MATERIALIZED (
    SELECT COALESCE(buyer.merged_into_id, buyer.id) AS person, paid_at
    FROM commerce_order AS bought
    JOIN people_customer AS buyer ON buyer.id = bought.customer_id
    WHERE bought.kind = 'sale' AND paid_at < %(until)s
), buyer AS (
    SELECT DISTINCT friend.person
    FROM friend
    JOIN sale ON sale.person = friend.person AND sale.paid_at >= greatest(friend.began_at, %(since)s)
        AND (friend.ended_at IS NULL OR friend.ended_at >= sale.paid_at)
), earlier AS (
    SELECT DISTINCT person FROM sale WHERE paid_at < %(since)s
), audience AS (
    SELECT one.person, CASE WHEN earlier.person IS NULL THEN 'not_bought' ELSE 'bought' END AS label
    FROM one LEFT JOIN earlier USING (person) WHERE %(by)s = 'bought'
    UNION ALL
    SELECT DISTINCT one.person, tag.name
    FROM one
    JOIN people_customer AS customer ON customer.id = one.person OR customer.merged_into_id = one.person
    JOIN people_customertag AS put ON put.customer_id = customer.id AND (put.expires_at IS NULL OR put.expires_at > %(until)s)
    JOIN people_tag AS tag ON tag.id = put.tag_id
    WHERE %(by)s = 'tag'
    UNION ALL
    SELECT one.person, member.name
    FROM one JOIN unnest(%(persons)s::bigint[], %(names)s::text[]) AS member(person, name) USING (person)
    WHERE %(by)s = 'segment'
)
SELECT audience.label, count(*) AS friends, count(buyer.person) AS buyers
FROM audience LEFT JOIN buyer USING (person)
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 20
