-- What each member did, week by week: one row for each (staff, week, metric, part) with how many it is of, how many of
-- them are good, and how many of the good only the member's own click says.
-- accepted: friend requests whose time is over or that were accepted; good: within their time. answered: the same of
-- messages, mentions and comments (part: the kind). friended: who came to them through a door - joined a group of theirs, or
-- asked to be a friend where the platform tells of it - each once a week; good: is somebody's confirmed friend. cared: friends in the care round of the month; good: liked and commented by the
-- week's end. removed: customers who removed them (of = good).
-- Params: since, until, now timestamptz; zone text. A week begins on Monday in the zone.
SELECT staff_id, date_trunc('week', began_at AT TIME ZONE %(zone)s)::date AS week,
       CASE WHEN kind = 'request' THEN 'accepted' ELSE 'answered' END AS metric, kind AS part,
       count(*) AS of, count(*) FILTER (WHERE answered_at <= due_at) AS good,
       count(*) FILTER (WHERE answered_at <= due_at AND closing = 'click') AS claimed
FROM service_wait
WHERE began_at >= %(since)s AND began_at < %(until)s AND staff_id IS NOT NULL
    AND (answered_at IS NOT NULL OR due_at <= %(now)s)
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT came.staff_id, came.week, 'friended', '', count(*), count(*) FILTER (WHERE EXISTS (
    SELECT FROM wecom_externalcontact AS contact
    JOIN wecom_follow AS follow ON follow.contact_id = contact.id
    WHERE contact.external_userid = came.person AND NOT follow.is_pending
        AND (follow.ended_at IS NULL OR follow.ended_at > came.at)
)), 0
FROM (
    SELECT entry.staff_id, date_trunc('week', entry.at AT TIME ZONE %(zone)s)::date AS week, entry.person, min(entry.at) AS at
    FROM (
        SELECT chat.owner_id AS staff_id, member.member_id AS person, member.joined_at AS at
        FROM wecom_groupmember AS member
        JOIN wecom_groupchat AS chat ON chat.id = member.chat_id AND chat.owner_id IS NOT NULL
        WHERE member.is_external AND (member.state <> '' OR member.join_scene = 3)
        UNION ALL
        SELECT follow.staff_id, contact.external_userid, follow.requested_at
        FROM wecom_follow AS follow JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
        WHERE follow.state <> ''
    ) AS entry
    WHERE entry.at >= %(since)s AND entry.at < %(until)s
    GROUP BY 1, 2, 3
) AS came
GROUP BY 1, 2
UNION ALL
SELECT round.staff_id, week.begins, 'cared', '', sum(done.items)::bigint,
       COALESCE(sum(done.items) FILTER (WHERE done.day < week.begins + 7), 0)::bigint, 0
FROM (
    SELECT begins::date FROM generate_series(
        (%(since)s::timestamptz AT TIME ZONE %(zone)s)::date::timestamp,
        (%(until)s::timestamptz AT TIME ZONE %(zone)s)::date::timestamp - interval '1 day', interval '7 days') AS begins
) AS week
JOIN service_careround AS round ON round.month = date_trunc(
    'month', least(week.begins + 6, (%(now)s::timestamptz AT TIME ZONE %(zone)s)::date)::timestamp)::date
JOIN (
    SELECT round_id, count(*) AS items,
           CASE WHEN liked_at IS NOT NULL AND commented_at IS NOT NULL
               THEN (greatest(liked_at, commented_at) AT TIME ZONE %(zone)s)::date END AS day
    FROM service_careitem
    WHERE left_out = ''
    GROUP BY 1, 3
) AS done ON done.round_id = round.id
GROUP BY 1, 2
UNION ALL
SELECT staff_id, date_trunc('week', ended_at AT TIME ZONE %(zone)s)::date, 'removed', '', count(*), count(*), 0
FROM wecom_follow
WHERE ending = 'by_customer' AND ended_at >= %(since)s AND ended_at < %(until)s
GROUP BY 1, 2
