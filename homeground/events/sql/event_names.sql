-- Event names with their counts, the most frequent first; names of one count in alphabetical order.
SELECT name, count() AS events
FROM events.events
GROUP BY name
ORDER BY events DESC, name
