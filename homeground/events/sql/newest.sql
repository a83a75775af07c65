-- Events as they came, newest first.
-- Params: name, source String, empty for all; customer_id UInt64, 0 for all, else with the ids that were merged into it;
--   since DateTime64 of receipt; before UInt64 only ids below it; low UInt64 none below it; limit.
SELECT id, name, customer_id, happened_at, received_at, source, amount, currency, properties
FROM events.events
WHERE id < {before:UInt64} AND id >= {low:UInt64}
  AND received_at >= {since:DateTime64(3, 'UTC')}
  AND ({name:String} = '' OR name = {name:String})
  AND ({source:String} = '' OR source = {source:String})
  AND (
    {customer_id:UInt64} = 0 OR customer_id = {customer_id:UInt64}
    OR customer_id IN (SELECT customer_id FROM events.customers FINAL WHERE into_id = {customer_id:UInt64})
  )
ORDER BY id DESC
LIMIT {limit:UInt32}
