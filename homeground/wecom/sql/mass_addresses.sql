-- Where WeCom reaches persons: of the open follows by active members the confirmed before the pending, then the one with
-- the latest exchange, then the latest begun. (id, external_userid, staff); who has none is left out.
-- Params: ids bigint[]: customers, by any of their ids.
SELECT DISTINCT ON (given.id) given.id, contact.external_userid, follow.staff_id
FROM unnest(%(ids)s::bigint[]) AS given (id)
JOIN people_customer said ON said.id = given.id
JOIN LATERAL (
    SELECT coalesce(said.merged_into_id, said.id) AS id
    UNION ALL
    SELECT absorbed.id FROM people_customer absorbed WHERE absorbed.merged_into_id = coalesce(said.merged_into_id, said.id)
) AS person ON true
JOIN wecom_externalcontact contact ON contact.customer_id = person.id
JOIN wecom_follow follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
JOIN wecom_staff staff ON staff.id = follow.staff_id AND staff.is_active
ORDER BY given.id, follow.is_pending, follow.talked_at DESC NULLS LAST, follow.began_at DESC, follow.id DESC
