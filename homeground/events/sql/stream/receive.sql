-- The rows of stream_incoming that are not known yet, onto the stream.
INSERT INTO stream_event (day, key, name, customer_id, identities, source, happened_at, received_at, properties)
SELECT day, key, name, customer_id, identities::jsonb, source, happened_at, received_at, properties::jsonb
FROM stream_incoming
ON CONFLICT (day, key) DO NOTHING
