-- Number every event anew for a cluster that counts its transactions from the start: done with, under way, waiting.
-- Params: done_xid, done_id and newest_xid, newest_id the places up to which events are handled and are in a batch.
UPDATE stream_event
SET xid = CASE
    WHEN (xid, id) <= (%(done_xid)s::text::xid8, %(done_id)s) THEN '3'::xid8
    WHEN (xid, id) <= (%(newest_xid)s::text::xid8, %(newest_id)s) THEN '4'::xid8
    ELSE pg_current_xact_id()
END
