-- Who interacted back (M59): the first like, comment or message of a friend after our own care, as far as it is told.
-- Params: month date.
WITH cared AS (
    SELECT item.id, item.contact_id, round.staff_id, least(item.liked_at, item.commented_at) AS since
    FROM service_careitem AS item
    JOIN service_careround AS round ON round.id = item.round_id AND round.month = %(month)s
    WHERE item.responded_at IS NULL AND (item.liked_at IS NOT NULL OR item.commented_at IS NOT NULL)
), back AS (
    SELECT cared.id, reaction.happened_at AS at
    FROM cared
    JOIN wecom_momentpost AS post ON post.staff_id = cared.staff_id
    JOIN wecom_momentreaction AS reaction
      ON reaction.post_id = post.id AND reaction.contact_id = cared.contact_id AND reaction.happened_at > cared.since
    UNION ALL
    SELECT cared.id, talk.heard_at
    FROM cared
    JOIN service_lasttalk AS talk
      ON talk.staff_id = cared.staff_id AND talk.contact_id = cared.contact_id AND talk.heard_at > cared.since
)
UPDATE service_careitem AS item SET responded_at = first.at
FROM (SELECT id, min(at) AS at FROM back GROUP BY id) AS first
WHERE item.id = first.id
