-- In which of these generations one person is a member.
-- Params: segments Array(UInt64) and generations Array(UInt32), side by side; ids Array(UInt64): all ids of the person.
SELECT DISTINCT segment_id
FROM events.segment_members
WHERE (segment_id, generation) IN (SELECT arrayJoin(arrayZip({segments:Array(UInt64)}, {generations:Array(UInt32)})))
  AND customer_id IN {ids:Array(UInt64)}
ORDER BY segment_id
