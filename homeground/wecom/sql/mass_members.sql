-- How many of some customers which active member would serve; customers without any come under null. Most first.
-- Params: ids bigint[]: customers, by any of their ids.
WITH served AS (
    SELECT DISTINCT ON (given.id) given.id, staff.id AS staff_id
    FROM unnest(%(ids)s::bigint[]) AS given (id)
    JOIN people_customer said ON said.id = given.id
    LEFT JOIN people_customer person
      ON person.id = coalesce(said.merged_into_id, said.id) OR person.merged_into_id = coalesce(said.merged_into_id, said.id)
    LEFT JOIN wecom_externalcontact contact ON contact.customer_id = person.id
    LEFT JOIN wecom_follow follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
    LEFT JOIN wecom_staff staff ON staff.id = follow.staff_id AND staff.is_active
    ORDER BY given.id, staff.id IS NULL, follow.is_pending, follow.talked_at DESC NULLS LAST, follow.began_at DESC,
             follow.id DESC
)
SELECT served.staff_id, coalesce(nullif(staff.name, ''), staff.userid, ''), count(*)
FROM served LEFT JOIN wecom_staff staff ON staff.id = served.staff_id
GROUP BY served.staff_id, staff.name, staff.userid
ORDER BY count(*) DESC, served.staff_id
