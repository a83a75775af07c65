-- Move the latest exchange of a member and a contact forward. Params: ids bigint[] (of service_chatmessage).
INSERT INTO service_lasttalk AS known (staff_id, contact_id, heard_at, spoke_at)
SELECT message.staff_id, contact.id,
       max(message.at) FILTER (WHERE message.is_from_customer), max(message.at) FILTER (WHERE NOT message.is_from_customer)
FROM service_chatmessage AS message
JOIN wecom_externalcontact AS contact ON contact.external_userid = message.external_userid
WHERE message.id = ANY(%(ids)s::bigint[]) AND message.staff_id IS NOT NULL AND message.place IN ('chat', 'kf')
GROUP BY message.staff_id, contact.id
ORDER BY message.staff_id, contact.id
ON CONFLICT (staff_id, contact_id) DO UPDATE
SET heard_at = greatest(known.heard_at, excluded.heard_at), spoke_at = greatest(known.spoke_at, excluded.spoke_at)
