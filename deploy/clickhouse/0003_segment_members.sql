-- Members of each segment by generation, on the shard of the customer.
CREATE TABLE IF NOT EXISTS events.segment_members_local ON CLUSTER '{cluster}' (
    segment_id UInt64,
    generation UInt32,
    customer_id UInt64
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/events/segment_members_local', '{replica}')
ORDER BY (segment_id, generation, customer_id)
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS events.segment_members ON CLUSTER '{cluster}' (
    segment_id UInt64,
    generation UInt32,
    customer_id UInt64
)
ENGINE = Distributed('{cluster}', 'events', 'segment_members_local', cityHash64(customer_id));
