-- Where the next batch ends and how many events it holds; no row: nothing is waiting.
-- Params: xid, id the position it starts after; size the most events it may hold.
-- Only transactions before every running one are taken: what commits later cannot belong before a batch that is fixed.
SELECT xid::text::bigint, id, position
FROM (
    SELECT xid, id, row_number() OVER (ORDER BY xid, id) AS position
    FROM stream_event
    WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s) AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid, id
    LIMIT %(size)s
) AS waiting
ORDER BY position DESC
LIMIT 1
