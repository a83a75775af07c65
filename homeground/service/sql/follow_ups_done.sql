-- Follow-ups that the member did without a click: they spoke to the friend on the day of the task or later.
-- Params: at timestamptz, zone text.
UPDATE service_task AS task
SET state = 'done', closed_at = %(at)s, closed_by = 'homeground'
FROM service_lasttalk AS talk
JOIN wecom_externalcontact AS contact ON contact.id = talk.contact_id
JOIN people_customer AS customer ON customer.id = contact.customer_id
WHERE task.kind = 'follow_up' AND task.state = 'open'
  AND task.customer_id = coalesce(customer.merged_into_id, customer.id)
  AND (greatest(talk.spoke_at, talk.cared_at) AT TIME ZONE %(zone)s)::date >= task.due_on
