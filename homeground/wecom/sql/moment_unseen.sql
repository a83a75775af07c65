-- The touches of a post that reached nobody's feed: (touch_id, customer_id, whether their member published).
-- Params: moment_id.
SELECT r.touch_id, contact.customer_id, post.published_at IS NOT NULL
FROM wecom_momentrecipient r
JOIN wecom_externalcontact contact ON contact.id = r.contact_id
LEFT JOIN wecom_momentpost post ON post.moment_id = r.moment_id AND post.staff_id = r.staff_id
WHERE r.moment_id = %(moment_id)s AND r.touch_id IS NOT NULL AND r.marked_at IS NOT NULL
  AND NOT EXISTS (
      SELECT 1 FROM wecom_momentviewer v JOIN wecom_momentpost p ON p.id = v.post_id
      WHERE p.moment_id = r.moment_id AND v.contact_id = r.contact_id
  )
ORDER BY r.touch_id
