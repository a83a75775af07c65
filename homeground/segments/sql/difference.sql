-- Who is in one generation and not in another, each as who they are now: a merge is no coming or going.
-- Params: segment UInt64, present UInt32, absent UInt32 (generations).
WITH (
    SELECT (groupArray(customer_id), groupArray(into_id)) FROM events.customers FINAL WHERE into_id != customer_id
) AS merged
SELECT DISTINCT transform(customer_id, merged.1, merged.2) AS survivor
FROM events.segment_members
WHERE segment_id = {segment:UInt64} AND generation = {present:UInt32} AND survivor NOT IN (
    SELECT transform(customer_id, merged.1, merged.2)
    FROM events.segment_members
    WHERE segment_id = {segment:UInt64} AND generation = {absent:UInt32}
)
ORDER BY survivor
