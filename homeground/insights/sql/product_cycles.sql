-- How long buyers take to buy the same product again, for each person's last purchase: the product of it that most gaps are
-- known of, and the days by which a tenth, half and nine tenths of those who bought it again had done so. PostgreSQL.
-- Persons whose last products too few people bought twice are left out.
-- Params: zone text, at timestamptz, least_gaps int, least_buyers int.
WITH bought AS (
    SELECT DISTINCT
        coalesce(customer.merged_into_id, customer.id) AS person, line.product_id,
        (bought.paid_at AT TIME ZONE %(zone)s)::date AS day
    FROM commerce_order AS bought
    JOIN people_customer AS customer ON customer.id = bought.customer_id
    JOIN commerce_orderline AS line ON line.order_id = bought.id AND line.quantity > 0
    WHERE bought.kind = 'sale' AND bought.paid_at <= %(at)s
), gap AS (
    SELECT product_id, person, day - lag(day) OVER (PARTITION BY product_id, person ORDER BY day) AS days FROM bought
), cycle AS (
    SELECT product_id, count(*) AS gaps, percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY days) AS days
    FROM gap
    WHERE days IS NOT NULL
    GROUP BY product_id
    HAVING count(*) >= %(least_gaps)s AND count(DISTINCT person) >= %(least_buyers)s
), newest AS (
    SELECT person, max(day) AS day FROM bought GROUP BY person
)
SELECT DISTINCT ON (bought.person)
    bought.person, bought.product_id AS product, cycle.days[1] AS low, cycle.days[2] AS middle, cycle.days[3] AS high
FROM bought
JOIN newest ON newest.person = bought.person AND newest.day = bought.day
JOIN cycle ON cycle.product_id = bought.product_id
ORDER BY bought.person, cycle.gaps DESC, bought.product_id
