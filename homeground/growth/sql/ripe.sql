-- Of those who came through doors and whose days of observation are over: how many there are, and how many ordered in those
-- days (M24). Only arrivals of the last %(span)s days before that count, so that an old success does not hide a new failure.
-- Params: doors bigint[]; at timestamptz; span int, days.
WITH met AS (
    SELECT arrival.door_id, coalesce(customer.merged_into_id, customer.id) AS person, min(arrival.happened_at) AS met_at
    FROM growth_arrival AS arrival
    JOIN people_customer AS customer ON customer.id = arrival.customer_id
    JOIN growth_door AS door ON door.id = arrival.door_id
    WHERE arrival.door_id = ANY(%(doors)s::bigint[]) AND arrival.kind <> 'requested'
        AND arrival.happened_at <= %(at)s::timestamptz - make_interval(days => door.order_days)
        AND arrival.happened_at > %(at)s::timestamptz - make_interval(days => door.order_days + %(span)s)
    GROUP BY arrival.door_id, person
)
-- Person by person through the indexes: as a join of sets, tables without statistics got a plan of n × n (90 s of 1,000).
SELECT met.door_id, count(*) AS came, count(*) FILTER (WHERE EXISTS (
    SELECT FROM (
        SELECT met.person AS id
        UNION ALL SELECT id FROM people_customer WHERE merged_into_id = met.person
    ) AS member
    JOIN commerce_order AS bought ON bought.customer_id = member.id
    WHERE bought.kind = 'sale' AND bought.paid_at >= met.met_at
        AND bought.paid_at < met.met_at + make_interval(days => door.order_days)
)) AS ordered
FROM met JOIN growth_door AS door ON door.id = met.door_id
GROUP BY met.door_id
