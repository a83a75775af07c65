-- The most frequent texts of one property of an event, most frequent first; ten thousand events are looked at.
-- Params: event String, property String.
SELECT JSONExtractString(properties, {property:String}) AS value
FROM (SELECT properties FROM events.events WHERE name = {event:String} LIMIT 10000)
WHERE value != ''
GROUP BY value
HAVING count() > 1
ORDER BY count() DESC, value
LIMIT 50
