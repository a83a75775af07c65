-- Make the accounts that are missing and lock all of them, in one order for everybody: who is there is locked, not changed.
-- Params: customers bigint[].
INSERT INTO loyalty_pointsaccount (customer_id)
SELECT id FROM people_customer WHERE id = ANY(%(customers)s::bigint[]) ORDER BY id
ON CONFLICT (customer_id) DO UPDATE SET balance = loyalty_pointsaccount.balance WHERE false
