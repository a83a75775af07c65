-- One event whole, or none.
-- Params: name, id.
SELECT id, name, customer_id, happened_at, received_at, source, amount, currency, properties, identities
FROM events.events
WHERE name = {name:String} AND id = {id:UInt64}
LIMIT 1
