-- Group reported_line (temp) into reported (temp), one row a document: (order_no, side), side sale, refund or adjustment.
-- A line is a refund where its kind says so or its quantity is below zero. A number whose sale or refund comes out below
-- zero, or whose kind says so, corrects the books: one adjustment. Amounts are exact sums, rounded once, half to even.
-- Params: factor integer: minor units of one major unit; currency text.
CREATE TEMP TABLE reported ON COMMIT DROP AS
WITH line AS (
    SELECT *,
        CASE
            WHEN kind = 'adjustment' THEN 'adjustment'
            WHEN kind = 'refund' OR quantity < 0 THEN 'refund'
            ELSE 'sale'
        END AS side
    FROM reported_line
), document AS (
    SELECT order_no, side, min(at) AS at, max(customer_id) AS customer_id, max(refund_of) AS refund_of,
        sum(CASE side WHEN 'refund' THEN abs(quantity) ELSE quantity END * unit_price) AS amount,
        sum(abs(quantity)) AS items, array_agg(DISTINCT sku ORDER BY sku) AS skus,
        encode(sha256(convert_to(%(currency)s || string_agg(
            concat_ws(E'\x1f', line_no, sku, quantity, unit_price, at, customer_id, refund_of), E'\x1e' ORDER BY line_no
        ), 'UTF8')), 'hex') AS content_hash
    FROM line GROUP BY order_no, side
), correction AS (
    SELECT DISTINCT order_no FROM document WHERE side = 'adjustment' OR amount < 0
), settled AS (
    SELECT order_no, side, at, customer_id, refund_of, items, skus, content_hash, amount * %(factor)s AS exact
    FROM document WHERE order_no NOT IN (SELECT order_no FROM correction)
    UNION ALL
    SELECT order_no, 'adjustment', min(at), max(customer_id), NULL, sum(items), '{}',
        encode(sha256(convert_to(string_agg(content_hash, '' ORDER BY side), 'UTF8')), 'hex'),
        sum(CASE side WHEN 'refund' THEN -amount ELSE amount END) * %(factor)s
    FROM document WHERE order_no IN (SELECT order_no FROM correction)
    GROUP BY order_no
)
SELECT order_no, side, at, customer_id, refund_of, items, skus, content_hash,
    (CASE WHEN abs(exact - trunc(exact)) = 0.5 THEN 2 * round(exact / 2) ELSE round(exact) END)::bigint AS amount_minor
FROM settled
