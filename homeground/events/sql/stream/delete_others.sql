-- Delete from the default partition some events that are done with, but none that was set aside and waits.
-- Params: xid, id the place up to which all are handled; before the moment of receipt; most to delete at once.
DELETE FROM stream_event_other
WHERE ctid IN (
    SELECT o.ctid
    FROM stream_event_other AS o
    WHERE (o.xid, o.id) <= (%(xid)s::text::xid8, %(id)s) AND o.received_at < %(before)s
        AND NOT EXISTS (SELECT FROM events_setaside AS s WHERE s.event_id = o.id AND s.discarded_at IS NULL)
    LIMIT %(most)s
)
