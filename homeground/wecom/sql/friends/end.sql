-- End friendships: of each pair the latest that had begun by then, if it is open or was only found missing by a sync.
-- Gives (customer, userid, external_userid, began_at, ended_at, ending).
-- Params, by position: userid text[], external_userid text[], moment timestamptz[], ending text[].
WITH told AS (
    SELECT DISTINCT ON (userid, external_userid, at) *
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[]) AS said(userid, external_userid, at, ending)
    ORDER BY userid, external_userid, at
), latest AS (
    SELECT DISTINCT ON (told.userid, told.external_userid, told.at)
        follow.id, follow.ended_at, follow.ending AS was, told.*, contact.customer_id
    FROM told
    JOIN wecom_staff AS staff ON staff.userid = told.userid
    JOIN wecom_externalcontact AS contact ON contact.external_userid = told.external_userid
    JOIN wecom_follow AS follow ON follow.staff_id = staff.id AND follow.contact_id = contact.id
        AND follow.began_at <= told.at + interval '5 seconds'
    ORDER BY told.userid, told.external_userid, told.at, follow.began_at DESC, follow.id DESC
), first AS (
    SELECT DISTINCT ON (id) * FROM latest WHERE ended_at IS NULL OR was = 'not_there' ORDER BY id, at
)
UPDATE wecom_follow AS follow SET ended_at = greatest(first.at, follow.began_at), ending = first.ending
FROM first WHERE first.id = follow.id
RETURNING first.customer_id, first.userid, first.external_userid, follow.began_at, follow.ended_at, follow.ending
