-- Writes who can see one member's post, and gives those of them that a campaign meant: (touch_id, customer_id).
-- Who is known to see it already is not given again. Params: post_id; externals text[].
WITH written AS (
    INSERT INTO wecom_momentviewer (post_id, contact_id, touch_id)
    SELECT DISTINCT ON (contact.id) post.id, contact.id, r.touch_id
    FROM unnest(%(externals)s::text[]) AS given (external_userid)
    JOIN wecom_externalcontact contact ON contact.external_userid = given.external_userid
    JOIN wecom_momentpost post ON post.id = %(post_id)s
    LEFT JOIN wecom_momentrecipient r ON r.moment_id = post.moment_id AND r.contact_id = contact.id
    ORDER BY contact.id
    ON CONFLICT (post_id, contact_id) DO NOTHING
    RETURNING contact_id, touch_id
)
SELECT written.touch_id, contact.customer_id
FROM written JOIN wecom_externalcontact contact ON contact.id = written.contact_id
WHERE written.touch_id IS NOT NULL
ORDER BY written.touch_id
