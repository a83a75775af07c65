-- Drop generations that nobody reads any more, and what broken refreshes left behind.
-- Params: segment UInt64, kept Array(UInt32) (generations).
DELETE FROM events.segment_members
WHERE segment_id = {segment:UInt64} AND NOT has({kept:Array(UInt32)}, generation)
