-- The first and the last moment with an event; the epoch twice when there is none. Without a filter the parts' own
-- minima answer it: no row is read.
SELECT min(happened_at) AS first, max(happened_at) AS last FROM events.events
