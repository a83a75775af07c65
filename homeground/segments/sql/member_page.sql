-- One page of the members of a generation, ascending, those above a customer id.
-- Params: segment UInt64, generation UInt32, after UInt64, size UInt32.
SELECT customer_id
FROM events.segment_members
WHERE segment_id = {segment:UInt64} AND generation = {generation:UInt32} AND customer_id > {after:UInt64}
ORDER BY customer_id
LIMIT {size:UInt32}
