-- Writes likes and comments under one member's post, and gives those that customers made and nobody had told:
-- (id, kind, happened_at, customer_id, touch_id). A repeat gives nothing.
-- Params: post_id; kinds text[], externals text[], userids text[] (one of both is empty), moments timestamptz[].
WITH written AS (
    INSERT INTO wecom_momentreaction (post_id, kind, contact_id, staff_id, happened_at)
    SELECT DISTINCT %(post_id)s::bigint, given.kind, contact.id,
           CASE WHEN contact.id IS NULL THEN staff.id END AS staff_id, given.at
    FROM unnest(%(kinds)s::text[], %(externals)s::text[], %(userids)s::text[], %(moments)s::timestamptz[])
        AS given (kind, external_userid, userid, at)
    LEFT JOIN wecom_externalcontact contact ON contact.external_userid = given.external_userid
    LEFT JOIN wecom_staff staff ON staff.userid = lower(given.userid)
    WHERE contact.id IS NOT NULL OR staff.id IS NOT NULL
    ON CONFLICT (post_id, kind, contact_id, staff_id, happened_at) DO NOTHING
    RETURNING id, kind, contact_id, happened_at
)
SELECT written.id, written.kind, written.happened_at, contact.customer_id, viewer.touch_id
FROM written
JOIN wecom_externalcontact contact ON contact.id = written.contact_id
LEFT JOIN wecom_momentviewer viewer ON viewer.post_id = %(post_id)s AND viewer.contact_id = contact.id
ORDER BY written.id
