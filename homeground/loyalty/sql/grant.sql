-- Give coupons of one kind, each cause once, within the limit per person and the stock. The caller has locked the kind's row.
-- Gives what became of each: granted, known (this cause was used), at_limit, no_stock or no_customer.
-- Params: kind bigint, per_customer int or null, room int or null (left in stock); arrays of one length customers bigint, causes
-- text, codes text; at, valid_from, expires_at timestamptz.
WITH given AS (
    SELECT told.*, coalesce(customer.merged_into_id, customer.id) AS root
    FROM unnest(%(customers)s::bigint[], %(causes)s::text[], %(codes)s::text[]) WITH ORDINALITY AS told (customer_id, cause, code, number)
    LEFT JOIN people_customer AS customer ON customer.id = told.customer_id
), known AS (
    SELECT cause FROM loyalty_coupon JOIN given USING (cause) WHERE kind_id = %(kind)s
), new AS (
    SELECT * FROM given WHERE root IS NOT NULL AND cause NOT IN (SELECT cause FROM known)
), member AS (
    SELECT DISTINCT root, root AS id FROM new
    UNION SELECT new.root, absorbed.id FROM new JOIN people_customer AS absorbed ON absorbed.merged_into_id = new.root
), held AS (
    SELECT member.root, count(*) AS coupons
    FROM member JOIN loyalty_coupon AS coupon ON coupon.customer_id = member.id
    WHERE coupon.kind_id = %(kind)s AND coupon.state <> 'revoked'
    GROUP BY member.root
), counted AS (
    SELECT new.*, coalesce(held.coupons, 0) + row_number() OVER (PARTITION BY new.root ORDER BY new.number) AS nth
    FROM new LEFT JOIN held USING (root)
), allowed AS (
    SELECT *, row_number() OVER (ORDER BY number) AS place
    FROM counted WHERE %(per_customer)s::int IS NULL OR nth <= %(per_customer)s::int
), made AS (
    INSERT INTO loyalty_coupon
        (kind_id, customer_id, code, cause, state, granted_at, valid_from, expires_at, order_no, revoked_why, revoked_by)
    SELECT %(kind)s, customer_id, code, cause, 'granted', %(at)s, %(valid_from)s, %(expires_at)s, '', '', ''
    FROM allowed WHERE %(room)s::int IS NULL OR place <= %(room)s::int ORDER BY number
    RETURNING cause
), taken AS (
    UPDATE loyalty_couponkind SET granted = granted + (SELECT count(*) FROM made) WHERE id = %(kind)s
)
SELECT given.cause, CASE
    WHEN given.cause IN (SELECT cause FROM made) THEN 'granted'
    WHEN given.cause IN (SELECT cause FROM known) THEN 'known'
    WHEN given.root IS NULL THEN 'no_customer'
    WHEN given.cause IN (SELECT cause FROM allowed) THEN 'no_stock'
    ELSE 'at_limit'
END
FROM given
