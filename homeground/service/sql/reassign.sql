-- Tasks about customers who are no longer friends of the member go to the member who serves them now; without one they
-- expire. What a lead gave or moved by hand stays. Params: at timestamptz.
WITH lost AS (
    SELECT task.id, task.customer_id
    FROM service_task AS task
    WHERE task.state = 'open' AND task.kind IN ('follow_up', 'birthday') AND task.customer_id IS NOT NULL
      AND task.assigned_by = ''
      AND NOT EXISTS (
          SELECT FROM wecom_follow AS follow
          JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
          JOIN people_customer AS customer ON customer.id = contact.customer_id
          WHERE follow.staff_id = task.staff_id AND follow.ended_at IS NULL
            AND (customer.id = task.customer_id OR customer.merged_into_id = task.customer_id)
      )
), heir AS (
    SELECT DISTINCT ON (lost.id) lost.id, follow.staff_id
    FROM lost
    JOIN people_customer AS customer ON customer.id = lost.customer_id OR customer.merged_into_id = lost.customer_id
    JOIN wecom_externalcontact AS contact ON contact.customer_id = customer.id
    JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL AND NOT follow.is_pending
    ORDER BY lost.id, follow.began_at DESC, follow.id DESC
)
UPDATE service_task AS task
SET staff_id = coalesce(heir.staff_id, task.staff_id),
    state = CASE WHEN heir.staff_id IS NULL THEN 'expired' ELSE 'open' END,
    closed_at = CASE WHEN heir.staff_id IS NULL THEN %(at)s::timestamptz END
FROM lost LEFT JOIN heir ON heir.id = lost.id
WHERE task.id = lost.id
