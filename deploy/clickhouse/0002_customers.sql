-- Customers as segments see them: all versions of a customer lie on one shard, so FINAL is right through the distributed table.
CREATE TABLE IF NOT EXISTS events.customers_local ON CLUSTER '{cluster}' (
    customer_id UInt64,
    into_id UInt64,
    created_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    relation LowCardinality(String),
    identity_kinds Array(LowCardinality(String)),
    tags Array(LowCardinality(String)),
    consents Array(LowCardinality(String)),
    refusals Array(LowCardinality(String)),
    attributes Map(LowCardinality(String), String),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/events/customers_local', '{replica}', version, is_deleted)
ORDER BY customer_id;

CREATE TABLE IF NOT EXISTS events.customers ON CLUSTER '{cluster}' (
    customer_id UInt64,
    into_id UInt64,
    created_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    relation LowCardinality(String),
    identity_kinds Array(LowCardinality(String)),
    tags Array(LowCardinality(String)),
    consents Array(LowCardinality(String)),
    refusals Array(LowCardinality(String)),
    attributes Map(LowCardinality(String), String),
    version UInt64,
    is_deleted UInt8
)
ENGINE = Distributed('{cluster}', 'events', 'customers_local', cityHash64(customer_id));
