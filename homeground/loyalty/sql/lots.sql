-- Lots with something left, or less than nothing, of the persons of these customers; what expires first stands first, and of
-- those the oldest. Params: customers bigint[] (any of a person's ids).
WITH root AS (
    SELECT DISTINCT coalesce(merged_into_id, id) AS id FROM people_customer WHERE id = ANY(%(customers)s::bigint[])
), member AS (
    SELECT id, id AS root FROM root
    UNION ALL SELECT absorbed.id, root.id FROM root JOIN people_customer AS absorbed ON absorbed.merged_into_id = root.id
)
SELECT lot.id, member.root, lot.account_id, lot.remaining, lot.expires_at
FROM member JOIN loyalty_pointslot AS lot ON lot.account_id = member.id AND lot.remaining <> 0
ORDER BY member.root, lot.expires_at NULLS LAST, lot.id
