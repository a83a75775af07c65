-- What differs between our tags and the corp's on open follows, and is ours to decide: one row a follow,
-- (follow, userid, external_userid, tag_ids to add, tag_ids to remove).
-- Put on here (not by the platform), and on none of the person's follows: every follow of the person gets it; a tag that we
-- made there is also completed where some have it. Taken off here, after both had it (or made by us): taken off there.
-- Params: tags bigint[] (people tags) or null, most.
WITH paired AS (
    SELECT id, tag_id, people_tag_id, is_ours FROM wecom_corptag
    WHERE NOT is_deleted AND people_tag_id IS NOT NULL
        AND (%(tags)s::bigint[] IS NULL OR people_tag_id = ANY(%(tags)s::bigint[]))
), wanted AS (
    SELECT DISTINCT coalesce(customer.merged_into_id, customer.id) AS person, paired.id AS corp_tag, paired.tag_id,
        paired.is_ours
    FROM paired
    JOIN people_customertag AS put ON put.tag_id = paired.people_tag_id AND (put.source <> 'wecom' OR paired.is_ours)
        AND (put.expires_at IS NULL OR put.expires_at > now())
    JOIN people_customer AS customer ON customer.id = put.customer_id
), tie AS (
    SELECT wanted.*, follow.id AS follow_id, put.id IS NOT NULL AS has_it
    FROM wanted
    JOIN people_customer AS customer ON customer.id = wanted.person OR customer.merged_into_id = wanted.person
    JOIN wecom_externalcontact AS contact ON contact.customer_id = customer.id
    JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
    LEFT JOIN wecom_followtag AS put ON put.follow_id = follow.id AND put.tag_id = wanted.corp_tag
), adding AS (
    SELECT follow_id, tag_id FROM (
        SELECT *, bool_or(has_it) OVER (PARTITION BY person, corp_tag) AS somebody_has_it FROM tie
    ) AS weighed
    WHERE NOT has_it AND (is_ours OR NOT somebody_has_it)
), removing AS (
    SELECT put.follow_id, paired.tag_id
    FROM paired
    JOIN wecom_followtag AS put ON put.tag_id = paired.id AND (put.is_in_step OR paired.is_ours)
    JOIN wecom_follow AS follow ON follow.id = put.follow_id AND follow.ended_at IS NULL
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE NOT EXISTS (
        SELECT FROM people_customertag AS ours
        JOIN people_customer AS owner ON owner.id = ours.customer_id
        WHERE ours.tag_id = paired.people_tag_id
            AND coalesce(owner.merged_into_id, owner.id) = coalesce(customer.merged_into_id, customer.id)
    )
)
SELECT follow.id, staff.userid, contact.external_userid,
    coalesce(array_agg(change.added) FILTER (WHERE change.added IS NOT NULL), '{}'),
    coalesce(array_agg(change.removed) FILTER (WHERE change.removed IS NOT NULL), '{}')
FROM (
    SELECT follow_id, tag_id AS added, NULL AS removed FROM adding
    UNION ALL SELECT follow_id, NULL, tag_id FROM removing
) AS change
JOIN wecom_follow AS follow ON follow.id = change.follow_id
JOIN wecom_staff AS staff ON staff.id = follow.staff_id
JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
GROUP BY follow.id, staff.userid, contact.external_userid
ORDER BY follow.id
LIMIT %(most)s
