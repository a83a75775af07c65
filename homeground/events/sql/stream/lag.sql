-- How many events wait for ClickHouse, and when the oldest of them was received.
-- Params: xid, id the place up to which all have arrived; most to count.
SELECT count(*), min(received_at)
FROM (
    SELECT received_at FROM stream_event WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s) ORDER BY xid, id LIMIT %(most)s
) AS waiting
