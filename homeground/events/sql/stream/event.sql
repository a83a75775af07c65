-- One event, the columns of batch.sql.
-- Params: id, day.
SELECT id, day, name, customer_id, happened_at, received_at, source, coalesce(identities::text, ''), properties::text
FROM stream_event
WHERE day = %(day)s AND id = %(id)s
