-- Post points earned, each cause once: posting, lot, both legs, balance. The caller has locked the accounts; who has none is left out.
-- Gives the causes that were new, with the balance of the customer afterwards.
-- Params: arrays of one length customers bigint, points int, causes text, reasons text, expiries timestamptz; by text, at timestamptz.
WITH given AS (
    SELECT told.* FROM unnest(
        %(customers)s::bigint[], %(points)s::int[], %(causes)s::text[], %(reasons)s::text[], %(expiries)s::timestamptz[]
    ) AS told (customer_id, points, cause, reason, expires_at)
    JOIN loyalty_pointsaccount USING (customer_id)
), posted AS (
    INSERT INTO loyalty_pointsposting (kind, cause, reason, by, at)
    SELECT 'earn', cause, reason, %(by)s, %(at)s FROM given ORDER BY cause
    ON CONFLICT (kind, cause) DO NOTHING
    RETURNING id, cause
), new AS (
    SELECT posted.id AS posting_id, given.* FROM posted JOIN given USING (cause)
), lot AS (
    INSERT INTO loyalty_pointslot (account_id, posting_id, points, remaining, expires_at)
    SELECT customer_id, posting_id, points, points, expires_at FROM new
    RETURNING id, account_id, posting_id, points
), leg AS (
    INSERT INTO loyalty_pointsentry (posting_id, account_id, lot_id, points)
    SELECT posting_id, account_id, id, points FROM lot
    UNION ALL SELECT posting_id, NULL, NULL, -points FROM lot
), grown AS (
    UPDATE loyalty_pointsaccount AS account SET balance = account.balance + earned.points
    FROM (SELECT customer_id, sum(points) AS points FROM new GROUP BY customer_id) AS earned
    WHERE account.customer_id = earned.customer_id
    RETURNING account.customer_id, account.balance, account.balance < earned.points AS had_debt
)
SELECT new.cause, grown.customer_id, grown.had_debt FROM new JOIN grown USING (customer_id)
