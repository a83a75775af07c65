-- Members of these groups whom the platform does not show any more, or who came anew since, have left.
-- Gives (customer, chat_id, member_id, joined_at, left_at, was_removed). Params, by position: chat_id text[], read_at[].
UPDATE wecom_groupmember AS member SET left_at = greatest(coalesce(given.joined_at, read.at), member.joined_at)
FROM unnest(%s::text[], %s::timestamptz[]) AS read(chat_id, at)
JOIN wecom_groupchat AS chat ON chat.chat_id = read.chat_id
JOIN wecom_groupmember AS open ON open.chat_id = chat.id AND open.left_at IS NULL
LEFT JOIN wecom_given_member AS given ON given.chat_id = read.chat_id AND given.member_id = open.member_id
WHERE member.id = open.id
    AND (given.member_id IS NULL OR given.joined_at > member.joined_at + interval '5 seconds')
RETURNING member.customer_id, chat.chat_id, member.member_id, member.joined_at, member.left_at, false
