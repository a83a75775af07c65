-- Names of properties that some events of one name have, in alphabetical order; a thousand events are looked at.
-- Params: event String.
SELECT DISTINCT arrayJoin(JSONExtractKeys(properties)) AS property
FROM (SELECT properties FROM events.events WHERE name = {event:String} LIMIT 1000)
ORDER BY property
LIMIT 100
