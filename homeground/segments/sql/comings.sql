-- When one person entered and left segments, newest first.
-- Params: ids Array(UInt64): all ids of the person; slug String: one segment, or empty for all.
SELECT name = 'segments.segment_entered' AS is_entry, JSONExtractString(properties, 'segment') AS segment,
    JSONExtractUInt(properties, 'generation') AS generation, happened_at AS at
FROM events.events
WHERE name IN ('segments.segment_entered', 'segments.segment_left') AND customer_id IN {ids:Array(UInt64)}
  AND ({slug:String} = '' OR segment = {slug:String})
ORDER BY at DESC, generation DESC
LIMIT 1000
