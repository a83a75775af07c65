-- What sources brought, by the month in which a person first came through any door of ours: each person counts once, for the
-- source of that first door. Money is in one currency, from the first arrival up to `at`.
-- Params: sources bigint[]; since, until date: of the first arrival, days of the brand's zone, both included; at timestamptz;
-- currency text.
-- people: came; friends: a member has, or had, them as friend through a door; gone: a tie that a door began has ended;
-- buyers: paid at least once since; repeat_buyers: at least twice; first_minor: the first of these orders; repeat_minor: the
-- later ones; refunded_minor: given back since.
-- One row a person is made by grouping, not by joining: the planner takes these sets for tiny and would loop over them.
WITH first AS (
    SELECT coalesce(customer.merged_into_id, customer.id) AS person,
        (array_agg(arrival.source_id ORDER BY arrival.happened_at, arrival.id))[1] AS source_id,
        (array_agg(arrival.day ORDER BY arrival.happened_at, arrival.id))[1] AS day, min(arrival.happened_at) AS happened_at,
        bool_or(arrival.kind = 'added') AS is_friend, bool_or(arrival.ended_at IS NOT NULL) AS is_gone
    FROM growth_arrival AS arrival JOIN people_customer AS customer ON customer.id = arrival.customer_id
    WHERE arrival.kind <> 'requested'
    GROUP BY person
), came AS (
    SELECT person, source_id, date_trunc('month', day)::date AS month, happened_at, is_friend, is_gone
    FROM first WHERE source_id = ANY(%(sources)s::bigint[]) AND day BETWEEN %(since)s AND %(until)s
), member AS (
    SELECT person, person AS id, happened_at FROM came
    UNION ALL SELECT came.person, customer.id, came.happened_at FROM came JOIN people_customer AS customer ON customer.merged_into_id = came.person
), bought AS (
    SELECT member.person, bought.amount_minor, row_number() OVER (PARTITION BY member.person ORDER BY bought.paid_at, bought.id) AS nth
    FROM member JOIN commerce_order AS bought ON bought.customer_id = member.id AND bought.kind = 'sale'
        AND bought.currency = %(currency)s AND bought.paid_at >= member.happened_at AND bought.paid_at <= %(at)s
), told AS (
    SELECT person, source_id, month, is_friend, is_gone, 0 AS orders, 0 AS first_minor, 0 AS repeat_minor, 0 AS refunded_minor
    FROM came
    UNION ALL
    SELECT person, NULL, NULL, NULL, NULL, 1, CASE WHEN nth = 1 THEN amount_minor ELSE 0 END,
        CASE WHEN nth > 1 THEN amount_minor ELSE 0 END, 0
    FROM bought
    UNION ALL
    SELECT member.person, NULL, NULL, NULL, NULL, 0, 0, 0, refund.amount_minor
    FROM member JOIN commerce_refund AS refund ON refund.customer_id = member.id AND refund.currency = %(currency)s
        AND refund.refunded_at >= member.happened_at AND refund.refunded_at <= %(at)s
), whole AS (
    SELECT person, max(source_id) AS source_id, max(month) AS month, bool_or(is_friend) AS is_friend, bool_or(is_gone) AS is_gone,
        sum(orders) AS orders, sum(first_minor) AS first_minor, sum(repeat_minor) AS repeat_minor,
        sum(refunded_minor) AS refunded_minor
    FROM told GROUP BY person
)
SELECT source_id, month, count(*) AS people, count(*) FILTER (WHERE is_friend) AS friends,
    count(*) FILTER (WHERE is_gone) AS gone, count(*) FILTER (WHERE orders > 0) AS buyers,
    count(*) FILTER (WHERE orders > 1) AS repeat_buyers, sum(first_minor)::bigint AS first_minor,
    sum(repeat_minor)::bigint AS repeat_minor, sum(refunded_minor)::bigint AS refunded_minor
FROM whole
GROUP BY source_id, month ORDER BY source_id, month
