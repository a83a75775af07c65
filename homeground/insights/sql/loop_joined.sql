-- New customers by source and day of the brand's zone. Params: since, until DateTime64(3); zone String.
SELECT toString(source) AS source, toDate(created_at, {zone:String}) AS day, uniqExact(customer_id) AS people
FROM events.customers
WHERE created_at >= {since:DateTime64(3)} AND created_at < {until:DateTime64(3)} AND into_id = customer_id
GROUP BY source, day ORDER BY source, day
