-- Accounts, lots and postings that do not agree with the legs they are made of: what, id, as kept, as summed. None: the ledger is true.
SELECT 'account' AS what, account.customer_id AS id, account.balance::bigint AS kept, coalesce(summed.points, 0)::bigint AS summed
FROM loyalty_pointsaccount AS account
LEFT JOIN (SELECT account_id, sum(points) AS points FROM loyalty_pointsentry GROUP BY account_id) AS summed
    ON summed.account_id = account.customer_id
WHERE account.balance <> coalesce(summed.points, 0)
UNION ALL
SELECT 'lots', account.customer_id, account.balance, coalesce(summed.points, 0)
FROM loyalty_pointsaccount AS account
LEFT JOIN (SELECT account_id, sum(remaining) AS points FROM loyalty_pointslot GROUP BY account_id) AS summed
    ON summed.account_id = account.customer_id
WHERE account.balance <> coalesce(summed.points, 0)
UNION ALL
SELECT 'lot', lot.id, lot.remaining, coalesce(summed.points, 0)
FROM loyalty_pointslot AS lot
LEFT JOIN (SELECT lot_id, sum(points) AS points FROM loyalty_pointsentry GROUP BY lot_id) AS summed ON summed.lot_id = lot.id
WHERE lot.remaining <> coalesce(summed.points, 0)
UNION ALL
SELECT 'posting', posting_id, 0, sum(points) FROM loyalty_pointsentry GROUP BY posting_id HAVING sum(points) <> 0
