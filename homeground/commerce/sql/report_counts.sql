-- What a report holds, from reported_line and reported (temp): rows, orders (adjustments among them), refunds, adjustments,
-- sales to guests, customers, and the exact sum of quantity x unit price over all lines in the major unit.
SELECT
    (SELECT count(*) FROM reported_line),
    count(*) FILTER (WHERE side <> 'refund'), count(*) FILTER (WHERE side = 'refund'),
    count(*) FILTER (WHERE side = 'adjustment'), count(*) FILTER (WHERE side = 'sale' AND customer_id IS NULL),
    coalesce(array_agg(DISTINCT customer_id) FILTER (WHERE customer_id IS NOT NULL), '{}'),
    (SELECT coalesce(trim_scale(sum(quantity * unit_price)), 0) FROM reported_line)
FROM reported
