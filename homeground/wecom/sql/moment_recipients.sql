-- Writes whom a post is meant for, each with the member who would publish it to them: of the open follows by active
-- members the confirmed before the pending, then the one with the latest exchange, then the latest begun.
-- Contacts without such a follow are left out.
-- Params: moment_id; externals text[], touches bigint[] (null: none).
INSERT INTO wecom_momentrecipient (moment_id, contact_id, staff_id, touch_id)
SELECT DISTINCT ON (contact.id) %(moment_id)s, contact.id, follow.staff_id, given.touch_id
FROM unnest(%(externals)s::text[], %(touches)s::bigint[]) AS given (external_userid, touch_id)
JOIN wecom_externalcontact contact ON contact.external_userid = given.external_userid
JOIN wecom_follow follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
JOIN wecom_staff staff ON staff.id = follow.staff_id AND staff.is_active
ORDER BY contact.id, follow.is_pending, follow.talked_at DESC NULLS LAST, follow.began_at DESC, follow.id DESC
ON CONFLICT (moment_id, contact_id) DO NOTHING
