-- Where events came from, with their counts, the most frequent first.
SELECT source AS name, count() AS events
FROM events.events
GROUP BY source
ORDER BY events DESC, name
