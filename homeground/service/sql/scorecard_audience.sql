-- Friends and buyers by audience: one row for each (label, key). Persons, each once.
-- Params: since, until timestamptz; by text: bought (before the span or not), tag (the 20 with most friends) or
-- segment; staff bigint[] (null: everybody); persons bigint[] and names text[] side by side (of segments, else empty).
WITH friend AS MATERIALIZED (
    SELECT DISTINCT COALESCE(customer.merged_into_id, customer.id) AS person
    FROM wecom_follow AS follow
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE NOT follow.is_pending AND follow.began_at < %(until)s
        AND (follow.ended_at IS NULL OR follow.ended_at >= %(since)s)
        AND (%(staff)s::bigint[] IS NULL OR follow.staff_id = ANY(%(staff)s::bigint[]))
), sale AS (
    SELECT COALESCE(buyer.merged_into_id, buyer.id) AS person, bool_or(paid_at >= %(since)s) AS is_now,
           bool_or(paid_at < %(since)s) AS is_before
    FROM commerce_order AS bought
    JOIN people_customer AS buyer ON buyer.id = bought.customer_id
    WHERE bought.kind = 'sale' AND paid_at < %(until)s
    GROUP BY 1
), audience AS (
    SELECT friend.person, CASE WHEN COALESCE(sale.is_before, false) THEN 'bought' ELSE 'not_bought' END AS label
    FROM friend LEFT JOIN sale USING (person) WHERE %(by)s = 'bought'
    UNION ALL
    SELECT DISTINCT friend.person, tag.name
    FROM friend
    JOIN people_customer AS customer ON customer.id = friend.person OR customer.merged_into_id = friend.person
    JOIN people_customertag AS put ON put.customer_id = customer.id AND (put.expires_at IS NULL OR put.expires_at > %(until)s)
    JOIN people_tag AS tag ON tag.id = put.tag_id
    WHERE %(by)s = 'tag'
    UNION ALL
    SELECT friend.person, member.name
    FROM friend JOIN unnest(%(persons)s::bigint[], %(names)s::text[]) AS member(person, name) USING (person)
    WHERE %(by)s = 'segment'
)
SELECT audience.label, count(*) AS friends, count(*) FILTER (WHERE sale.is_now) AS buyers
FROM audience LEFT JOIN sale USING (person)
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 20
