-- The touches of a mass send that nobody has confirmed: (touch_id, customer_id).
-- Params: mass_send_id.
SELECT r.touch_id, contact.customer_id
FROM wecom_masssendrecipient r JOIN wecom_externalcontact contact ON contact.external_userid = r.recipient
WHERE r.mass_send_id = %(mass_send_id)s AND r.status = 0 AND r.touch_id IS NOT NULL
ORDER BY r.touch_id
