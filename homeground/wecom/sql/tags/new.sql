-- Tags put on by the platform that ours do not follow yet: (name of our tag, customers, rows).
-- Params: external_userids text[], or null for whoever it is.
SELECT ours.name, array_agg(DISTINCT contact.customer_id), array_agg(put.id)
FROM wecom_followtag AS put
JOIN wecom_corptag AS corp ON corp.id = put.tag_id AND NOT corp.is_deleted AND NOT corp.is_ours
JOIN people_tag AS ours ON ours.id = corp.people_tag_id
JOIN wecom_follow AS follow ON follow.id = put.follow_id AND follow.ended_at IS NULL
JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
WHERE NOT put.is_in_step
    AND (%(external_userids)s::text[] IS NULL OR contact.external_userid = ANY(%(external_userids)s::text[]))
GROUP BY ours.name
ORDER BY ours.name
