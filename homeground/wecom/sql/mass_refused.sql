-- Marks recipients whom the platform would not take. Params: mass_send_id; recipients text[].
UPDATE wecom_masssendrecipient SET status = -1
WHERE mass_send_id = %(mass_send_id)s AND recipient = ANY(%(recipients)s) AND status = 0
