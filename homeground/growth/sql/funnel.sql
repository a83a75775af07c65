-- The way through doors: people by their first arrival at the door in the span, for the door, for each of its days and
-- for each of its members.
-- Params: doors bigint[]; since, until date: days of the brand's zone, both included; at timestamptz: orders up to here.
-- day and userid are NULL in the sums over them. requested: asked to be a friend (told only where the door skips verification).
-- came: became a friend or joined a group here. friends: have, or had, a member as friend. grouped: are, or were, in a group
-- that they joined afterwards. ordered: paid within the door's days after they came. gone: the tie has ended again;
-- gone_by_customer: they ended it. A person is all customers that are merged.
WITH met AS (
    SELECT
        arrival.door_id, coalesce(customer.merged_into_id, customer.id) AS person,
        min(arrival.day) AS day, min(arrival.happened_at) AS met_at,
        (array_agg(arrival.userid ORDER BY arrival.happened_at, arrival.id))[1] AS userid,
        bool_or(arrival.kind = 'requested') AS has_requested, bool_or(arrival.kind <> 'requested') AS has_come,
        bool_or(arrival.kind = 'added') AS is_friend, bool_or(arrival.kind = 'joined') AS is_in_group,
        bool_or(arrival.ended_at IS NOT NULL) AS is_gone, bool_or(arrival.ended_by_customer) AS is_gone_by_customer
    FROM growth_arrival AS arrival
    JOIN people_customer AS customer ON customer.id = arrival.customer_id
    WHERE arrival.door_id = ANY(%(doors)s::bigint[]) AND arrival.day BETWEEN %(since)s AND %(until)s
    GROUP BY arrival.door_id, person
), member AS (
    SELECT DISTINCT person, person AS id FROM met
    UNION SELECT met.person, customer.id FROM met JOIN people_customer AS customer ON customer.merged_into_id = met.person
), contact AS (
    SELECT member.person, contact.id, contact.external_userid
    FROM member JOIN wecom_externalcontact AS contact ON contact.customer_id = member.id
), friend AS (
    SELECT DISTINCT contact.person FROM contact JOIN wecom_follow AS follow ON follow.contact_id = contact.id
), inside AS (
    SELECT contact.person, max(membership.joined_at) AS joined_at
    FROM contact JOIN wecom_groupmember AS membership ON membership.member_id = contact.external_userid
    GROUP BY contact.person
), bought AS (
    SELECT DISTINCT met.door_id, met.person
    FROM met
    JOIN growth_door AS door ON door.id = met.door_id
    JOIN member USING (person)
    JOIN commerce_order AS bought ON bought.customer_id = member.id AND bought.kind = 'sale' AND bought.paid_at >= met.met_at
        AND bought.paid_at < least(met.met_at + make_interval(days => door.order_days), %(at)s::timestamptz)
), told AS (
    SELECT
        met.*,
        met.has_come AND (met.is_friend OR friend.person IS NOT NULL) AS has_friend,
        met.has_come AND (met.is_in_group OR coalesce(inside.joined_at >= met.met_at, false)) AS has_group,
        met.has_come AND bought.person IS NOT NULL AS has_ordered
    FROM met
    LEFT JOIN friend USING (person)
    LEFT JOIN inside USING (person)
    LEFT JOIN bought ON bought.door_id = met.door_id AND bought.person = met.person
)
SELECT
    door_id, day, userid,
    count(*) FILTER (WHERE has_requested) AS requested, count(*) FILTER (WHERE has_come) AS came,
    count(*) FILTER (WHERE has_friend) AS friends, count(*) FILTER (WHERE has_group) AS grouped,
    count(*) FILTER (WHERE has_ordered) AS ordered, count(*) FILTER (WHERE is_gone) AS gone,
    count(*) FILTER (WHERE is_gone_by_customer) AS gone_by_customer
FROM told
GROUP BY GROUPING SETS ((door_id), (door_id, day), (door_id, userid))
ORDER BY door_id, day NULLS FIRST, came DESC, userid
