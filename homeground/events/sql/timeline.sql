-- What happened to one person, newest first.
-- Params: ids Array(UInt64) all of their customer ids; before DateTime64 and before_id UInt64 the place of the page above; limit.
SELECT id, name, customer_id, happened_at, received_at, source, amount, currency, properties
FROM events.events
WHERE customer_id IN {ids:Array(UInt64)}
  AND (happened_at, id) < ({before:DateTime64(3, 'UTC')}, {before_id:UInt64})
ORDER BY happened_at DESC, id DESC
LIMIT {limit:UInt32}
