-- Customers as segments see them: the newest version of each row counts (FINAL). No names, numbers or addresses here.
CREATE TABLE IF NOT EXISTS events.customers (
    customer_id UInt64,
    into_id UInt64,  -- Itself, or the customer it was merged into.
    created_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    relation LowCardinality(String),  -- none, one_way, two_way, many_way.
    identity_kinds Array(LowCardinality(String)),
    tags Array(LowCardinality(String)),  -- Those that have not expired at the time of writing.
    consents Array(LowCardinality(String)),  -- "purpose:channel", granted and not withdrawn.
    refusals Array(LowCardinality(String)),  -- "purpose:channel", withdrawn.
    attributes Map(LowCardinality(String), String),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY customer_id
