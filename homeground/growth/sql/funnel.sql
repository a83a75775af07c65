-- The way through doors: people by their first arrival at the door in the span, for the door, for each of its days and
-- for each of its members.
-- Params: doors bigint[]; since, until date: days of the brand's zone, both included; at timestamptz: orders up to here.
-- day and userid are NULL in the sums over them. requested: asked to be a friend (told only where the door skips verification).
-- came: became a friend or joined a group here. friends: were a member's confirmed friend then, or have been since. grouped:
-- are, or were, in a group that they joined afterwards. ordered: paid within the door's days after they came. gone: the tie has
-- ended again; gone_by_customer: they ended it. passed: of requested, those who came. A person is all customers that are merged.
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
), told AS (  -- Person by person through the indexes: as joins of sets, tables without statistics get plans of n × n.
    SELECT
        met.*,
        met.has_come AND (met.is_friend OR EXISTS (
            SELECT FROM wecom_externalcontact AS contact JOIN wecom_follow AS follow ON follow.contact_id = contact.id
            WHERE contact.customer_id = ANY(member.ids) AND NOT follow.is_pending
                AND (follow.ended_at IS NULL OR follow.ended_at > met.met_at)
        )) AS has_friend,
        met.has_come AND (met.is_in_group OR EXISTS (
            SELECT FROM wecom_externalcontact AS contact
            JOIN wecom_groupmember AS membership ON membership.member_id = contact.external_userid
            WHERE contact.customer_id = ANY(member.ids) AND membership.joined_at >= met.met_at
        )) AS has_group,
        met.has_come AND EXISTS (
            SELECT FROM commerce_order AS bought
            WHERE bought.customer_id = ANY(member.ids) AND bought.kind = 'sale' AND bought.paid_at >= met.met_at
                AND bought.paid_at < least(met.met_at + make_interval(days => door.order_days), %(at)s::timestamptz)
        ) AS has_ordered
    FROM met
    JOIN growth_door AS door ON door.id = met.door_id
    CROSS JOIN LATERAL (
        SELECT met.person || array_agg(absorbed.id) FILTER (WHERE absorbed.id IS NOT NULL) AS ids
        FROM people_customer AS absorbed WHERE absorbed.merged_into_id = met.person
    ) AS member
)
SELECT
    door_id, day, userid,
    count(*) FILTER (WHERE has_requested) AS requested, count(*) FILTER (WHERE has_come) AS came,
    count(*) FILTER (WHERE has_friend) AS friends, count(*) FILTER (WHERE has_group) AS grouped,
    count(*) FILTER (WHERE has_ordered) AS ordered, count(*) FILTER (WHERE is_gone) AS gone,
    count(*) FILTER (WHERE is_gone_by_customer) AS gone_by_customer,
    count(*) FILTER (WHERE has_requested AND has_come) AS passed
FROM told
GROUP BY GROUPING SETS ((door_id), (door_id, day), (door_id, userid))
ORDER BY door_id, day NULLS FIRST, came DESC, userid
