-- The most frequent values of one attribute, most frequent first.
-- Params: attribute String.
SELECT attributes[{attribute:String}] AS value
FROM events.customers FINAL
WHERE into_id = customer_id AND value != ''
GROUP BY value
ORDER BY count() DESC, value
LIMIT 30
