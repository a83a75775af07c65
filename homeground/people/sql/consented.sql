-- Whether the newest decision of a survivor for a purpose, on whatever channel, is a yes; NULL where there is none.
-- One customer at a time: a list needs twenty, a set of all would read every decision (2.4 s at 500,000).
-- Params, by position: purpose. Outer: people_customer.
SELECT said.is_granted
FROM people_consent AS said
WHERE said.purpose = %s AND said.customer_id IN (
    SELECT people_customer.id
    UNION ALL SELECT absorbed.id FROM people_customer AS absorbed WHERE absorbed.merged_into_id = people_customer.id
)
ORDER BY said.decided_at DESC, said.is_granted
LIMIT 1
