-- Who can see what a member publishes: that member's customers, or those of them with one of the tags.
-- Params: moment, member, tags text[] or null.
INSERT INTO sandbox_momentviewer (moment_id, member_id, contact_id)
SELECT %(moment)s, tie.member_id, tie.contact_id
FROM sandbox_friendship AS tie
WHERE tie.member_id = %(member)s AND tie.ended_at IS NULL
  AND (%(tags)s::varchar[] IS NULL OR tie.tag_ids && %(tags)s::varchar[])
ORDER BY tie.id
ON CONFLICT DO NOTHING
