-- Who takes a ticket of a queue: (queue, staff_id, open tickets), the least busy first. Experts need a credential that is
-- valid on the day (M61). Params: day date.
SELECT q.queue, q.staff_id, count(t.id) AS open_tickets
FROM service_queuemember q
JOIN wecom_staff s ON s.id = q.staff_id AND s.is_active
LEFT JOIN service_ticket t ON t.staff_id = q.staff_id AND t.closed_at IS NULL
WHERE q.queue <> 'expert'
   OR EXISTS (
       SELECT FROM service_credential c
       WHERE c.staff_id = q.staff_id AND c.issued_on <= %(day)s AND (c.expires_on IS NULL OR c.expires_on > %(day)s)
   )
GROUP BY q.queue, q.staff_id
ORDER BY q.queue, open_tickets, q.staff_id
