-- The turns that comments under our Moments are, one conversation for each post and friend who commented; a comment of
-- any member of staff under the post answers all of them. Params: since timestamptz. One row for each that is new.
WITH commented AS (
    SELECT DISTINCT reaction.post_id, reaction.contact_id
    FROM wecom_momentreaction AS reaction
    WHERE reaction.kind = 'comment' AND reaction.contact_id IS NOT NULL AND reaction.happened_at >= %(since)s
)
INSERT INTO service_turn (
    key, conversation, kind, at, is_inbound, staff_id, customer_id, external_userid, chat_id, label, closing, by
)
SELECT 'reaction:' || reaction.id, 'comment:' || post.id || ':' || contact.external_userid, 'comment',
       reaction.happened_at, reaction.contact_id IS NOT NULL, coalesce(reaction.staff_id, post.staff_id),
       contact.customer_id, contact.external_userid, '', '',
       CASE WHEN reaction.contact_id IS NULL THEN 'message' ELSE '' END, ''
FROM commented
JOIN wecom_momentpost AS post ON post.id = commented.post_id
JOIN wecom_externalcontact AS contact ON contact.id = commented.contact_id
JOIN wecom_momentreaction AS reaction
  ON reaction.post_id = commented.post_id AND reaction.kind = 'comment'
 AND (reaction.contact_id = commented.contact_id OR reaction.staff_id IS NOT NULL)
WHERE reaction.happened_at >= %(since)s
ON CONFLICT (conversation, key) DO NOTHING
RETURNING conversation, at
