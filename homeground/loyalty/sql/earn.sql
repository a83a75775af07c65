-- Post points earned, each cause once: posting, account where it is missing, lot, both legs, balance. A customer who is not there is
-- left out. Accounts are made or locked in one order for everybody, after all postings. Gives the causes that were new, and who had debts.
-- Params: arrays of one length customers bigint, points int, causes text, reasons text, expiries timestamptz; by text, at timestamptz.
WITH given AS (
    SELECT told.* FROM unnest(
        %(customers)s::bigint[], %(points)s::int[], %(causes)s::text[], %(reasons)s::text[], %(expiries)s::timestamptz[]
    ) AS told (customer_id, points, cause, reason, expires_at)
    JOIN people_customer AS customer ON customer.id = told.customer_id
), posted AS (
    INSERT INTO loyalty_pointsposting (kind, cause, reason, by, at)
    SELECT 'earn', cause, reason, %(by)s, %(at)s FROM given ORDER BY cause
    ON CONFLICT (kind, cause) DO NOTHING
    RETURNING id, cause
), new AS (
    SELECT posted.id AS posting_id, given.* FROM posted JOIN given USING (cause)
), grown AS (
    INSERT INTO loyalty_pointsaccount AS known (customer_id, balance)
    SELECT customer_id, sum(points) FROM new GROUP BY customer_id ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET balance = known.balance + excluded.balance
    RETURNING customer_id, balance
), lot AS (
    INSERT INTO loyalty_pointslot (account_id, posting_id, points, remaining, expires_at)
    SELECT customer_id, posting_id, points, points, expires_at FROM new
    RETURNING id, account_id, posting_id, points
), leg AS (
    INSERT INTO loyalty_pointsentry (posting_id, account_id, lot_id, points)
    SELECT posting_id, account_id, id, points FROM lot
    UNION ALL SELECT posting_id, NULL, NULL, -points FROM lot
)
SELECT new.cause, customer_id, grown.balance < sum(new.points) OVER (PARTITION BY customer_id) AS had_debt
FROM new JOIN grown USING (customer_id)
