-- One post of the corp, one row a member of staff: published when, how many customers can see it, likes and comments of
-- customers, each customer once. In order: published first, then by member.
-- Params: moment_id bigint.
SELECT post.staff_id, coalesce(nullif(staff.name, ''), staff.userid) AS name, post.published_at,
       (SELECT count(*) FROM wecom_momentviewer AS viewer WHERE viewer.post_id = post.id) AS viewers,
       count(DISTINCT reaction.contact_id) FILTER (WHERE reaction.kind = 'like') AS likes,
       count(DISTINCT reaction.contact_id) FILTER (WHERE reaction.kind = 'comment') AS comments,
       count(DISTINCT reaction.contact_id) AS reacted
FROM wecom_momentpost AS post
JOIN wecom_staff AS staff ON staff.id = post.staff_id
LEFT JOIN wecom_momentreaction AS reaction ON reaction.post_id = post.id AND reaction.contact_id IS NOT NULL
WHERE post.moment_id = %(moment_id)s
GROUP BY post.id, staff.id
ORDER BY post.published_at IS NULL, post.published_at, post.staff_id
