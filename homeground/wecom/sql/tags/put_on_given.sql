-- Put on the corp's tags that the platform shows on the follows of wecom_given. Tags that we do not know are left for when
-- the list of tags is read; those without one of ours beside them mark a Moment's audience, not the customer.
INSERT INTO wecom_followtag (follow_id, tag_id, put_at, is_in_step)
SELECT follow.id, corp.id, given.read_at, false
FROM wecom_given AS given
CROSS JOIN LATERAL unnest(given.tag_ids) AS shown(tag_id)
JOIN wecom_corptag AS corp ON corp.tag_id = shown.tag_id AND corp.people_tag_id IS NOT NULL
JOIN wecom_follow AS follow
    ON follow.staff_id = given.staff_id AND follow.contact_id = given.contact_id AND follow.ended_at IS NULL
ORDER BY follow.id, corp.id
ON CONFLICT (follow_id, tag_id) DO NOTHING
