-- The latest tie of one member to each contact, as it is compared with the platform's: (external_userid, is_open, name,
-- began_at, remark, description, mobiles, state, tag_ids). Params, by position: userid.
SELECT DISTINCT ON (contact.id) contact.external_userid, follow.ended_at IS NULL AS is_open, contact.name,
    follow.began_at, follow.remark, follow.description, follow.mobiles, follow.state,
    ARRAY(
        SELECT corp.tag_id FROM wecom_followtag AS put JOIN wecom_corptag AS corp ON corp.id = put.tag_id
        WHERE put.follow_id = follow.id AND NOT corp.is_deleted
    )
FROM wecom_staff AS staff
JOIN wecom_follow AS follow ON follow.staff_id = staff.id
JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
WHERE staff.userid = %s AND (follow.ended_at IS NULL OR follow.ending <> 'not_there')
ORDER BY contact.id, follow.ended_at IS NULL DESC, follow.began_at DESC
