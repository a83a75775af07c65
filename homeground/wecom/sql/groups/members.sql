-- Write the members of wecom_given_member. Gives the customers among them who are new:
-- (customer, chat_id, member_id, joined_at, state, join_scene). Who was told to have left since stays left.
WITH written AS (
    INSERT INTO wecom_groupmember AS known (
        chat_id, member_id, is_external, customer_id, name, joined_at, join_scene, invited_by, state
    )
    SELECT chat.id, given.member_id, given.is_external, given.customer_id, given.name, given.joined_at,
        given.join_scene, given.invited_by, given.state
    FROM wecom_given_member AS given
    JOIN wecom_groupchat AS chat ON chat.chat_id = given.chat_id
    WHERE NOT EXISTS (
        SELECT FROM wecom_groupmember AS past
        WHERE past.chat_id = chat.id AND past.member_id = given.member_id AND past.left_at >= given.read_at - interval '5 seconds'
            AND past.joined_at >= given.joined_at - interval '5 seconds'
    )
    ORDER BY chat.id, given.member_id
    ON CONFLICT (chat_id, member_id) WHERE left_at IS NULL DO UPDATE
    SET name = excluded.name, joined_at = excluded.joined_at, join_scene = excluded.join_scene,
        invited_by = excluded.invited_by, state = coalesce(nullif(excluded.state, ''), known.state),
        customer_id = coalesce(known.customer_id, excluded.customer_id)
    WHERE (known.name, known.joined_at, known.join_scene, known.invited_by, known.state, known.customer_id)
        IS DISTINCT FROM (excluded.name, excluded.joined_at, excluded.join_scene, excluded.invited_by, excluded.state,
            excluded.customer_id)
    RETURNING id, chat_id, member_id, customer_id, joined_at, state, join_scene
)
SELECT written.customer_id, chat.chat_id, written.member_id, written.joined_at, written.state, written.join_scene
FROM written
JOIN wecom_groupchat AS chat ON chat.id = written.chat_id
LEFT JOIN wecom_groupmember AS before ON before.id = written.id
WHERE before.id IS NULL AND written.customer_id IS NOT NULL
