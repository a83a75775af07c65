-- The touches of a mass send: (touch_id, customer_id, external_userid). Params: mass_send_id.
SELECT r.touch_id, contact.customer_id, r.recipient
FROM wecom_masssendrecipient r JOIN wecom_externalcontact contact ON contact.external_userid = r.recipient
WHERE r.mass_send_id = %(mass_send_id)s AND r.touch_id IS NOT NULL
ORDER BY r.touch_id
