-- What was just sent arrives on phones: one chat message for each part of each recipient with status 1.
-- Params: message, member, at, parts jsonb [{"msgtype", "text", "attachments"}].
INSERT INTO sandbox_chatmessage (
    msgid, friendship_id, chat_id, member_id, contact_id, is_from_customer, is_broadcast, msgtype, text, attachments,
    mentions, sent_at, archived_at
)
SELECT
    'mass' || recipient.id || '-' || part.place,
    (   -- A join here, with fresh statistics missing, compares every tie with every recipient: 80 s for 10,000.
        SELECT tie.id FROM sandbox_friendship AS tie
        WHERE tie.member_id = recipient.member_id AND tie.contact_id = recipient.contact_id AND tie.ended_at IS NULL
    ),
    recipient.chat_id, recipient.member_id, recipient.contact_id, false, true,
    part.value ->> 'msgtype', part.value ->> 'text', part.value -> 'attachments', '{}', %(at)s, %(at)s
FROM sandbox_massrecipient AS recipient
CROSS JOIN jsonb_array_elements(%(parts)s::jsonb) WITH ORDINALITY AS part (value, place)
WHERE recipient.message_id = %(message)s AND recipient.member_id = %(member)s AND recipient.status = 1
