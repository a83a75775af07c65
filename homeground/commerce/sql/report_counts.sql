-- What a report holds, from reported_line and reported (temp): rows, orders (adjustments among them), refunds, adjustments,
-- sales to guests, customers, and the exact sum of quantity x unit price over all lines in the major unit.
SELECT
    line.rows,
    count(*) FILTER (WHERE side <> 'refund'), count(*) FILTER (WHERE side = 'refund'),
    count(*) FILTER (WHERE side = 'adjustment'), count(*) FILTER (WHERE side = 'sale' AND customer_id IS NULL),
    coalesce(line.customers, '{}'), coalesce(line.total, 0)
FROM (
    SELECT count(*) AS rows, trim_scale(sum(quantity * unit_price)) AS total,
        array_agg(DISTINCT customer_id) FILTER (WHERE customer_id IS NOT NULL) AS customers
    FROM reported_line
) AS line LEFT JOIN reported ON true
GROUP BY line.rows, line.total, line.customers
