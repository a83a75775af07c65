-- Some events in stream order, the columns of batch.sql.
-- Params: days, ids.
SELECT id, day, name, customer_id,
    (extract(epoch FROM happened_at) * 1000000)::bigint, (extract(epoch FROM received_at) * 1000000)::bigint,
    source, coalesce(identities::text, ''), properties::text
FROM stream_event
WHERE day = ANY(%(days)s::date[]) AND id = ANY(%(ids)s::bigint[])
ORDER BY xid, id
