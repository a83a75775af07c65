-- Group chats with their people and their mood over a window: one row a group, the most negative first.
-- messages counts customers' messages that were sorted; negative those taken for negative. A group from which nobody tells us
-- messages has 0 of both: its mood is not known. Params: since, until timestamptz.
SELECT g.id, g.chat_id, g.name, g.dismissed_at, g.owner_id, g.expert_id,
       people.customers, people.joined, people.left_, coalesce(mood.messages, 0) AS messages,
       coalesce(mood.negative, 0) AS negative, coalesce(mood.complaints, 0) AS complaints, coalesce(t.open_tickets, 0) AS tickets
FROM wecom_groupchat g
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.left_at IS NULL) AS customers,
           count(*) FILTER (WHERE m.joined_at >= %(since)s AND m.joined_at < %(until)s) AS joined,
           count(*) FILTER (WHERE m.left_at >= %(since)s AND m.left_at < %(until)s) AS left_
    FROM wecom_groupmember m WHERE m.chat_id = g.id AND m.is_external
) people
LEFT JOIN (
    SELECT m.chat_id, count(*) AS messages, count(*) FILTER (WHERE l.is_negative) AS negative,
           count(*) FILTER (WHERE l.topic = 'complaint') AS complaints
    FROM service_chatmessage m JOIN service_messagelabel l ON l.message_id = m.id
    WHERE m.chat_id <> '' AND m.place IN ('group', 'mention') AND m.at >= %(since)s AND m.at < %(until)s
    GROUP BY m.chat_id
) mood ON mood.chat_id = g.chat_id
LEFT JOIN (
    SELECT chat_id, count(*) AS open_tickets FROM service_ticket
    WHERE closed_at IS NULL AND chat_id <> '' GROUP BY chat_id
) t ON t.chat_id = g.chat_id
ORDER BY mood.negative::float / nullif(mood.messages, 0) DESC NULLS LAST, people.customers DESC, g.id
