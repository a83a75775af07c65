-- Of (customer, corp tag) pairs those whose person has the tag from no other member: (customer, name of our tag).
-- Params, by position: customer bigint[], corp tag bigint[].
SELECT lost.customer_id, ours.name
FROM unnest(%s::bigint[], %s::bigint[]) AS lost(customer_id, tag_id)
JOIN wecom_corptag AS corp ON corp.id = lost.tag_id
JOIN people_tag AS ours ON ours.id = corp.people_tag_id
WHERE NOT EXISTS (
    SELECT FROM wecom_externalcontact AS contact
    JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
    JOIN wecom_followtag AS put ON put.follow_id = follow.id AND put.tag_id = lost.tag_id
    WHERE contact.customer_id = lost.customer_id
)
