-- Post what moves points in or out of lots that are there: postings, their legs and the brand's, what lots have left, balances.
-- The caller has locked the accounts. Gives kind and cause of each posting with its id; a cause that was used raises.
-- Params: arrays of one length kinds text, causes text, reasons text, reversed bigint; and of another numbers int (place of the
-- posting, from 1), lots bigint, points int; by text, at timestamptz.
WITH given AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(causes)s::text[], %(reasons)s::text[], %(reversed)s::bigint[])
        WITH ORDINALITY AS told (kind, cause, reason, reverses_id, number)
), posted AS (
    INSERT INTO loyalty_pointsposting (kind, cause, reason, by, reverses_id, at)
    SELECT kind, cause, reason, %(by)s, reverses_id, %(at)s FROM given ORDER BY kind, cause
    RETURNING id, kind, cause
), leg AS (
    SELECT posted.id AS posting_id, lot.account_id, lot.id AS lot_id, told.points
    FROM unnest(%(numbers)s::int[], %(lots)s::bigint[], %(points)s::int[]) AS told (number, lot_id, points)
    JOIN given USING (number)
    JOIN posted USING (kind, cause)
    JOIN loyalty_pointslot AS lot ON lot.id = told.lot_id
), written AS (
    INSERT INTO loyalty_pointsentry (posting_id, account_id, lot_id, points)
    SELECT posting_id, account_id, lot_id, points FROM leg
    UNION ALL SELECT posting_id, NULL, NULL, -sum(points) FROM leg GROUP BY posting_id HAVING sum(points) <> 0
), changed AS (
    UPDATE loyalty_pointslot AS lot SET remaining = lot.remaining + moved.points
    FROM (SELECT lot_id, sum(points) AS points FROM leg GROUP BY lot_id) AS moved
    WHERE lot.id = moved.lot_id
), moved AS (
    UPDATE loyalty_pointsaccount AS account SET balance = account.balance + moved.points
    FROM (SELECT account_id, sum(points) AS points FROM leg GROUP BY account_id) AS moved
    WHERE account.customer_id = moved.account_id AND moved.points <> 0
)
SELECT id FROM posted
