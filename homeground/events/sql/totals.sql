-- Events that have arrived and the people they are about: merged customers count as their survivor, 0 as nobody.
-- Params: name String, empty for all; since DateTime64 on happened_at.
SELECT count() AS events, uniqExactIf(if(m.into_id = 0, e.customer_id, m.into_id), e.customer_id != 0) AS customers
FROM events.events AS e
LEFT JOIN (
    SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
) AS m ON m.customer_id = e.customer_id
WHERE ({name:String} = '' OR e.name = {name:String}) AND e.happened_at >= {since:DateTime64(3, 'UTC')}
