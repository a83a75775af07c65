-- The touches of a post that were marked for it: (touch_id, customer_id). Params: moment_id.
SELECT r.touch_id, contact.customer_id
FROM wecom_momentrecipient r JOIN wecom_externalcontact contact ON contact.id = r.contact_id
WHERE r.moment_id = %(moment_id)s AND r.touch_id IS NOT NULL AND r.marked_at IS NOT NULL
ORDER BY r.touch_id
