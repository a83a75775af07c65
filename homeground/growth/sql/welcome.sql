-- What a new friend could be told, best first: the door's own welcomes in their order, then the default ones.
-- Params: state text (what the door gave along; empty: none), userid text, external_userid text.
SELECT
    coalesce(brand.time_zone, 'Asia/Shanghai'), coalesce(brand.name, ''), coalesce(staff.name, ''),
    coalesce(known.name, ''), coalesce(known.relation, 'none'), coalesce(door.consent_notice, ''),
    welcome.weekdays, welcome.start_minute, welcome.end_minute, welcome.relation, welcome.text, welcome.attachment,
    welcome.title, welcome.url, welcome.appid, coalesce(picture.url, ''), coalesce(picture.media_id, '')
FROM growth_welcome AS welcome
LEFT JOIN growth_door AS door ON door.token = %(state)s AND %(state)s <> '' AND door.retired_at IS NULL
LEFT JOIN growth_welcomepicture AS picture ON picture.id = welcome.picture_id
LEFT JOIN people_brand AS brand ON brand.id = 1
LEFT JOIN wecom_staff AS staff ON staff.userid = %(userid)s
LEFT JOIN LATERAL (
    SELECT contact.name, customer.relation
    FROM wecom_externalcontact AS contact
    JOIN people_customer AS found ON found.id = contact.customer_id
    JOIN people_customer AS customer ON customer.id = coalesce(found.merged_into_id, found.id)
    WHERE contact.external_userid = %(external_userid)s
) AS known ON true
WHERE welcome.door_id IS NULL OR welcome.door_id = (
    SELECT id FROM growth_door WHERE token = %(state)s AND %(state)s <> '' AND retired_at IS NULL
)
ORDER BY welcome.door_id NULLS LAST, welcome.position, welcome.id
