-- The first and the last moment with an event of a person; the epoch when there is none.
SELECT min(happened_at) AS first, max(happened_at) AS last FROM events.events WHERE customer_id > 0
