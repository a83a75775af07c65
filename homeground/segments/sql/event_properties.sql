-- Properties that events of one name have, each with what it mostly is (text, number or flag), in alphabetical order;
-- ten thousand events are looked at (the newest would be read for 0.8 s at 8 M), lists and objects left out.
-- Params: event String.
WITH some AS (
    SELECT properties FROM events.events WHERE name = {event:String} LIMIT 10000
), seen AS (
    SELECT pair.1 AS property,
        transform(toString(JSONType(pair.2)), ['String', 'Int64', 'UInt64', 'Double', 'Bool'],
            ['text', 'number', 'number', 'number', 'flag'], '') AS is
    FROM some ARRAY JOIN JSONExtractKeysAndValuesRaw(properties) AS pair
)
SELECT property, topK(1)(is)[1] AS kind
FROM seen
WHERE is != ''
GROUP BY property
ORDER BY property
LIMIT 100
