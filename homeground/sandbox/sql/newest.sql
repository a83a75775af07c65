-- Move phones up by the messages they just got.
-- Params: ids bigint[] of messages.
UPDATE sandbox_phone AS phone
SET newest_at = greatest(phone.newest_at, got.at)
FROM (
    SELECT phone_id, max(sent_at) AS at
    FROM sandbox_message
    WHERE id = ANY(%(ids)s::bigint[])
    GROUP BY phone_id
) AS got
WHERE phone.id = got.phone_id
