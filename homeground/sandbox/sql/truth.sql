-- What a full sync of the corp has to find. One row.
SELECT
    (SELECT count(*) FROM sandbox_member WHERE resigned_at IS NULL) AS members,
    (SELECT count(*) FROM sandbox_member WHERE resigned_at IS NULL AND is_active AND is_visible AND has_contact)
        AS serving,
    (SELECT count(DISTINCT contact_id) FROM sandbox_friendship WHERE ended_at IS NULL) AS contacts,
    (SELECT count(*) FROM sandbox_friendship WHERE ended_at IS NULL) AS follows,
    (SELECT count(*) FROM sandbox_friendship WHERE ended_at IS NOT NULL) AS ended_follows,
    (SELECT coalesce(sum(cardinality(tag_ids)), 0) FROM sandbox_friendship WHERE ended_at IS NULL) AS follow_tags,
    (SELECT count(*) FROM sandbox_taggroup WHERE NOT is_deleted) AS tag_groups,
    (SELECT count(*) FROM sandbox_tag WHERE NOT is_deleted) AS tags,
    (SELECT count(*) FROM sandbox_groupchat WHERE dismissed_at IS NULL) AS groups,
    (
        SELECT count(*)
        FROM sandbox_groupmember AS place
        JOIN sandbox_groupchat AS chat ON chat.id = place.chat_id
        WHERE place.left_at IS NULL AND chat.dismissed_at IS NULL
    ) AS group_places,
    (SELECT count(*) FROM sandbox_friendrequest WHERE accepted_at IS NULL AND refused_at IS NULL) AS requests,
    (SELECT count(*) FROM sandbox_chatmessage) AS messages
