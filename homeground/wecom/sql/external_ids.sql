-- The external_userids of each customer that an open follow leads to, the newest friendship first.
-- Params: ids bigint[].
SELECT found.id, array_agg(found.external_userid ORDER BY found.began_at DESC, found.external_userid)
FROM (
    SELECT given.id, contact.external_userid, max(follow.began_at) AS began_at
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
    GROUP BY given.id, contact.external_userid
) AS found
GROUP BY found.id
