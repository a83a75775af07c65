-- Somebody of staff has cared for customers: move that forward for each contact of the person that is a friend of theirs.
-- Params: staff_id and customer_id bigint[] of one length, at timestamptz.
INSERT INTO service_lasttalk AS known (staff_id, contact_id, cared_at)
SELECT DISTINCT pair.staff_id, contact.id, %(at)s::timestamptz
FROM unnest(%(staff_id)s::bigint[], %(customer_id)s::bigint[]) AS pair (staff_id, customer_id)
JOIN people_customer AS said ON said.id = pair.customer_id
JOIN people_customer AS person
  ON person.id = coalesce(said.merged_into_id, said.id) OR person.merged_into_id = coalesce(said.merged_into_id, said.id)
JOIN wecom_externalcontact AS contact ON contact.customer_id = person.id
JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.staff_id = pair.staff_id AND follow.ended_at IS NULL
ORDER BY 1, 2
ON CONFLICT (staff_id, contact_id) DO UPDATE SET cared_at = greatest(known.cared_at, excluded.cared_at)
