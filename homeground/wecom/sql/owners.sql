-- The member of staff who serves each customer: of the open follows the confirmed before the pending, then the one with
-- the latest exchange, then the latest begun. Any of a person's contacts counts.
-- Params: ids bigint[].
SELECT DISTINCT ON (given.id) given.id, follow.staff_id
FROM unnest(%(ids)s::bigint[]) AS given(id)
JOIN people_customer AS said ON said.id = given.id
JOIN LATERAL (
    SELECT coalesce(said.merged_into_id, said.id) AS id
    UNION ALL
    SELECT absorbed.id FROM people_customer AS absorbed
    WHERE absorbed.merged_into_id = coalesce(said.merged_into_id, said.id)
) AS person ON true
JOIN wecom_externalcontact AS contact ON contact.customer_id = person.id
JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
ORDER BY given.id, follow.is_pending, follow.talked_at DESC NULLS LAST, follow.began_at DESC, follow.id DESC
