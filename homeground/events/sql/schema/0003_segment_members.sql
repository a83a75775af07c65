-- Members of each segment by generation. Only the generation that PostgreSQL names as newest counts; a number is given
-- to one refresh only, so what a broken refresh left behind is never read, and pruned by the next.
CREATE TABLE IF NOT EXISTS events.segment_members (
    segment_id UInt64,
    generation UInt32,
    customer_id UInt64
)
ENGINE = MergeTree
ORDER BY (segment_id, generation, customer_id)
SETTINGS non_replicated_deduplication_window = 0
