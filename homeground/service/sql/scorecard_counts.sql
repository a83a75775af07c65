-- What each member did, week by week: one row for each (staff, week, metric, part) with how many it is of, how many of
-- them are good, and how many of the good only the member's own click says.
-- accepted: friend requests whose time is over or that were accepted; good: within their time. answered: the same of
-- messages, mentions and comments (part: the kind). friended: who joined a group of theirs through a door; good: is
-- somebody's confirmed friend since. cared: friends in the care round of the month; good: liked and commented by the
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
SELECT joined.owner_id, joined.week, 'friended', '', count(*), count(*) FILTER (WHERE joined.is_friend), 0
FROM (
    SELECT DISTINCT chat.owner_id, date_trunc('week', member.joined_at AT TIME ZONE %(zone)s)::date AS week,
           member.member_id, EXISTS (
               SELECT FROM wecom_externalcontact AS contact
               JOIN wecom_follow AS follow ON follow.contact_id = contact.id
               WHERE contact.external_userid = member.member_id AND NOT follow.is_pending
                   AND (follow.ended_at IS NULL OR follow.ended_at > member.joined_at)
           ) AS is_friend
    FROM wecom_groupmember AS member
    JOIN wecom_groupchat AS chat ON chat.id = member.chat_id
    WHERE member.is_external AND member.joined_at >= %(since)s AND member.joined_at < %(until)s
        AND (member.state <> '' OR member.join_scene = 3) AND chat.owner_id IS NOT NULL
) AS joined
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
