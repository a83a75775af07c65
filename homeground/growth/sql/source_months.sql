-- What sources brought, by the month in which a person first came through any door of ours: each person counts once, for the
-- source of that first door. Money is in one currency, from the first arrival up to `at`.
-- Params: sources bigint[]; since, until date: of the first arrival, days of the brand's zone, both included; at timestamptz;
-- currency text.
-- people: came; friends: a member has, or had, them as friend through a door; gone: a tie that a door began has ended;
-- buyers: paid at least once since; repeat_buyers: at least twice; first_minor: the first of these orders; repeat_minor: the
-- later ones; refunded_minor: given back since.
WITH arrived AS (
    SELECT arrival.id, coalesce(customer.merged_into_id, customer.id) AS person, arrival.source_id, arrival.day,
        arrival.happened_at, arrival.kind, arrival.ended_at
    FROM growth_arrival AS arrival JOIN people_customer AS customer ON customer.id = arrival.customer_id
    WHERE arrival.kind <> 'requested'
), first AS (
    SELECT DISTINCT ON (person) person, source_id, day, happened_at FROM arrived ORDER BY person, happened_at, id
), came AS (
    SELECT person, source_id, date_trunc('month', day)::date AS month, happened_at
    FROM first WHERE source_id = ANY(%(sources)s::bigint[]) AND day BETWEEN %(since)s AND %(until)s
), member AS (
    SELECT person, person AS id, happened_at FROM came
    UNION ALL SELECT came.person, customer.id, came.happened_at FROM came JOIN people_customer AS customer ON customer.merged_into_id = came.person
), tie AS (
    SELECT arrived.person, bool_or(arrived.kind = 'added') AS is_friend, bool_or(arrived.ended_at IS NOT NULL) AS is_gone
    FROM arrived WHERE arrived.person IN (SELECT person FROM came) GROUP BY arrived.person
), bought AS (
    SELECT member.person, bought.amount_minor, row_number() OVER (PARTITION BY member.person ORDER BY bought.paid_at, bought.id) AS nth
    FROM member JOIN commerce_order AS bought ON bought.customer_id = member.id AND bought.kind = 'sale'
        AND bought.currency = %(currency)s AND bought.paid_at >= member.happened_at AND bought.paid_at <= %(at)s
), spent AS (
    SELECT person, count(*) AS orders, sum(amount_minor) FILTER (WHERE nth = 1) AS first_minor,
        coalesce(sum(amount_minor) FILTER (WHERE nth > 1), 0) AS repeat_minor
    FROM bought GROUP BY person
), refunded AS (
    SELECT member.person, sum(refund.amount_minor) AS refunded_minor
    FROM member JOIN commerce_refund AS refund ON refund.customer_id = member.id AND refund.currency = %(currency)s
        AND refund.refunded_at >= member.happened_at AND refund.refunded_at <= %(at)s
    GROUP BY member.person
)
SELECT came.source_id, came.month, count(*) AS people, count(*) FILTER (WHERE tie.is_friend) AS friends,
    count(*) FILTER (WHERE tie.is_gone) AS gone, count(spent.person) AS buyers,
    count(*) FILTER (WHERE spent.orders > 1) AS repeat_buyers, coalesce(sum(spent.first_minor), 0)::bigint AS first_minor,
    coalesce(sum(spent.repeat_minor), 0)::bigint AS repeat_minor, coalesce(sum(refunded.refunded_minor), 0)::bigint AS refunded_minor
FROM came
JOIN tie USING (person)
LEFT JOIN spent USING (person)
LEFT JOIN refunded USING (person)
GROUP BY came.source_id, came.month ORDER BY came.source_id, came.month
