-- Who was missing from an earlier reading and is there after all, with the same moment of joining, never left.
UPDATE wecom_groupmember AS member SET left_at = NULL
FROM wecom_given_member AS given
JOIN wecom_groupchat AS chat ON chat.chat_id = given.chat_id
WHERE member.chat_id = chat.id AND member.member_id = given.member_id
    AND member.left_at < given.read_at - interval '5 seconds'
    AND member.joined_at BETWEEN given.joined_at - interval '5 seconds' AND given.joined_at + interval '5 seconds'
    AND NOT EXISTS (
        SELECT FROM wecom_groupmember AS open
        WHERE open.chat_id = chat.id AND open.member_id = given.member_id AND open.left_at IS NULL
    )
