-- Store messages whose key is new, unless the phone blocks the sender. Gives the new ones: id, key, delivered_at
-- (null while the phone is off).
-- Params: keys, references, addresses, senders, subjects, bodies text[], ats timestamptz[] (of one length), receipts_url.
INSERT INTO sandbox_message
    (phone_id, key, reference, receipts_url, sender, subject, body, is_from_customer, sent_at, delivered_at)
SELECT phone.id, given.key, given.reference, %(receipts_url)s, given.sender, given.subject, given.body, false, given.at,
    CASE WHEN phone.is_off THEN NULL ELSE given.at END
FROM unnest(
    %(keys)s::text[], %(references)s::text[], %(addresses)s::text[], %(senders)s::text[], %(subjects)s::text[],
    %(bodies)s::text[], %(ats)s::timestamptz[]
) AS given (key, reference, address, sender, subject, body, at)
JOIN sandbox_phone AS phone USING (address)
WHERE NOT phone.is_blocking
ORDER BY given.key
ON CONFLICT (key) DO NOTHING
RETURNING id, key, delivered_at
