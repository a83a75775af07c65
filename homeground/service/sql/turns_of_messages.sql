-- The turns that new messages are, in the conversations in which somebody may wait:
--   one-to-one and kf: every message but a customer's bare thanks, which ask nothing; a group: a mention asks the
--   mentioned member, and a message of any member of staff answers for every member of staff in that group (the
--   platform does not tell to whom a message is).
-- Params: ids bigint[] (of service_chatmessage); thanks text (a pattern). One row for each: its conversation and moment.
INSERT INTO service_turn (
    key, conversation, kind, at, is_inbound, staff_id, customer_id, external_userid, chat_id, label, closing, by
)
SELECT 'message:' || said.msgid, said.conversation, said.kind, said.at, said.is_from_customer, said.asked, said.customer_id,
       said.external_userid, said.chat_id, '', CASE WHEN said.is_from_customer THEN '' ELSE 'message' END, ''
FROM (
    SELECT message.*, message.staff_id AS asked, 'chat' AS kind,
           'chat:' || staff.userid || ':' || message.external_userid AS conversation
    FROM service_chatmessage AS message
    JOIN wecom_staff AS staff ON staff.id = message.staff_id
    WHERE message.id = ANY(%(ids)s::bigint[]) AND message.place = 'chat'
      AND NOT (message.is_from_customer AND message.text ~ %(thanks)s)
    UNION ALL
    SELECT message.*, message.staff_id, 'kf', 'kf:' || message.chat_id || ':' || message.external_userid
    FROM service_chatmessage AS message
    WHERE message.id = ANY(%(ids)s::bigint[]) AND message.place = 'kf'
      AND NOT (message.is_from_customer AND message.text ~ %(thanks)s)
    UNION ALL
    SELECT message.*, staff.id, 'mention', 'mention:' || message.chat_id || ':' || staff.userid
    FROM service_chatmessage AS message
    JOIN wecom_staff AS staff ON staff.userid = ANY(message.mentions)
    WHERE message.id = ANY(%(ids)s::bigint[]) AND message.place = 'mention' AND message.is_from_customer
    UNION ALL
    SELECT message.*, message.staff_id, 'mention', 'mention:' || message.chat_id || ':' || colleague.userid
    FROM service_chatmessage AS message
    JOIN LATERAL (
        SELECT staff.userid FROM wecom_staff AS staff WHERE staff.id = message.staff_id
        UNION
        SELECT lower(member.member_id)
        FROM wecom_groupmember AS member
        JOIN wecom_groupchat AS chat ON chat.id = member.chat_id AND chat.chat_id = message.chat_id
        WHERE NOT member.is_external
    ) AS colleague ON true
    WHERE message.id = ANY(%(ids)s::bigint[]) AND message.place IN ('group', 'mention') AND NOT message.is_from_customer
) AS said
ON CONFLICT (conversation, key) DO NOTHING
RETURNING conversation, at
