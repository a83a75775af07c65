-- The events of a batch in stream order, without those that were set aside before they reached the handlers.
-- Params: from_xid, from_id, to_xid, to_id.
SELECT e.id, e.day, e.name, e.customer_id,
    (extract(epoch FROM e.happened_at) * 1000000)::bigint, (extract(epoch FROM e.received_at) * 1000000)::bigint,
    e.source, coalesce(e.identities::text, ''), e.properties::text
FROM stream_event AS e
WHERE (e.xid, e.id) > (%(from_xid)s::text::xid8, %(from_id)s) AND (e.xid, e.id) <= (%(to_xid)s::text::xid8, %(to_id)s)
    AND NOT EXISTS (
        SELECT FROM events_setaside AS s WHERE s.event_id = e.id AND s.handler IN ('resolve', 'append')
    )
ORDER BY e.xid, e.id
