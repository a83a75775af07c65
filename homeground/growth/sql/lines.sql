-- The groups of group codes in the order in which they fill, with how many people are in each now.
-- Params: doors bigint[], or NULL for all that are open.
SELECT place.door_id, chat.chat_id, coalesce(nullif(chat.name, ''), chat.chat_id) AS title, place.limit,
    (SELECT count(*) FROM wecom_groupmember AS member WHERE member.chat_id = chat.id AND member.left_at IS NULL) AS members,
    chat.dismissed_at IS NOT NULL AS is_dismissed
FROM growth_doorgroup AS place
JOIN growth_door AS door ON door.id = place.door_id AND door.retired_at IS NULL
JOIN wecom_groupchat AS chat ON chat.id = place.chat_id
WHERE %(doors)s::bigint[] IS NULL OR door.id = ANY(%(doors)s::bigint[])
ORDER BY place.door_id, place.position, place.id
