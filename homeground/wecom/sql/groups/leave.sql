-- Members who left a group they had joined by then. Gives (customer, chat_id, member_id, joined_at, left_at, was_removed).
-- Params, by position: chat_id text[], member_id text[], moment timestamptz[], was_removed boolean[].
UPDATE wecom_groupmember AS member SET left_at = greatest(said.at, member.joined_at)
FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::boolean[]) AS said(chat_id, member_id, at, was_removed)
JOIN wecom_groupchat AS chat ON chat.chat_id = said.chat_id
WHERE member.chat_id = chat.id AND member.member_id = said.member_id AND member.left_at IS NULL
    AND member.joined_at <= said.at + interval '5 seconds'
RETURNING member.customer_id, chat.chat_id, member.member_id, member.joined_at, member.left_at, said.was_removed
