-- Customers' messages that nobody has sorted yet, oldest first: (id, text, place, chat_id, customer_id, at).
-- Words that were erased cannot be sorted any more. Params: since timestamptz; size int.
SELECT m.id, m.text, m.place, m.chat_id, coalesce(c.merged_into_id, c.id) AS customer_id, m.at
FROM service_chatmessage m
LEFT JOIN people_customer c ON c.id = m.customer_id
WHERE m.is_from_customer
  AND m.erased_at IS NULL
  AND m.text <> ''
  AND m.at >= %(since)s
  AND NOT EXISTS (SELECT FROM service_messagelabel l WHERE l.message_id = m.id)
ORDER BY m.at, m.id
LIMIT %(size)s
