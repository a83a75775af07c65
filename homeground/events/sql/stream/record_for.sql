-- One fact about each of many customers; those it is already known of are left out.
-- Params: key of name and cause, from which each customer's key is made; customer_ids; the fact's columns.
INSERT INTO stream_event (day, key, name, customer_id, identities, source, happened_at, received_at, properties)
SELECT %(day)s, md5(%(key)s || ':' || customer_id)::uuid, %(name)s, customer_id, %(identities)s::jsonb, %(source)s,
    %(happened_at)s, %(received_at)s, %(properties)s::jsonb
FROM unnest(%(customer_ids)s::bigint[]) AS customer_id
ON CONFLICT (day, key) DO NOTHING
