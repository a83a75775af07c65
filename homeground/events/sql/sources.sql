-- Event names and where they came from, with their counts.
SELECT name, source, count() AS events
FROM events.events
GROUP BY name, source
