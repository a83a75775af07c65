-- Members of a generation, each as who they are now, once, ascending.
-- Params: segment UInt64, generation UInt32.
WITH (
    SELECT (groupArray(customer_id), groupArray(into_id)) FROM events.customers FINAL WHERE into_id != customer_id
) AS merged
SELECT DISTINCT transform(customer_id, merged.1, merged.2) AS survivor
FROM events.segment_members
WHERE segment_id = {segment:UInt64} AND generation = {generation:UInt32}
ORDER BY survivor
