-- Every event, once; columns as in homeground/events/sql/schema. A shard holds all events of its customers.
CREATE DATABASE IF NOT EXISTS events ON CLUSTER '{cluster}';

CREATE TABLE IF NOT EXISTS events.events_local ON CLUSTER '{cluster}' (
    id UInt64,
    name LowCardinality(String),
    customer_id UInt64,
    happened_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    amount Int64,
    currency LowCardinality(String),
    identities String CODEC(ZSTD),
    properties String CODEC(ZSTD),
    INDEX by_customer customer_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_id id TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/events/events_local', '{replica}')
PARTITION BY toYYYYMM(happened_at)
ORDER BY (name, customer_id, happened_at, id)
SETTINGS replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS events.events ON CLUSTER '{cluster}' (
    id UInt64,
    name LowCardinality(String),
    customer_id UInt64,
    happened_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    amount Int64,
    currency LowCardinality(String),
    identities String CODEC(ZSTD),
    properties String CODEC(ZSTD)
)
ENGINE = Distributed('{cluster}', 'events', 'events_local', cityHash64(customer_id));
