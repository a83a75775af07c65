-- Every event, once. customer_id is who it was about when it arrived (0: nobody found); merges since then are in customers.
CREATE TABLE IF NOT EXISTS events.events (
    id UInt64,
    name LowCardinality(String),
    customer_id UInt64,
    happened_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    amount Int64,  -- properties.amount_minor, else 0.
    currency LowCardinality(String),
    identities String CODEC(ZSTD),  -- JSON: [["phone", "…"], …]
    properties String CODEC(ZSTD),  -- JSON object.
    INDEX by_customer customer_id TYPE bloom_filter GRANULARITY 4,
    INDEX by_id id TYPE minmax GRANULARITY 1  -- The newest lie in few parts.
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(happened_at)
ORDER BY (name, customer_id, happened_at, id)
SETTINGS non_replicated_deduplication_window = 10000
