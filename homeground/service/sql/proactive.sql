-- How much of what a member does for customers is of their own accord (M54).
-- Params: since, until DateTime. A row a member: touches (greeting, care, follow-up) and answers.
SELECT JSONExtractString(properties, 'userid') AS userid,
       countIf(name = 'service.customer_touched') AS touched,
       countIf(name = 'service.customer_answered') AS answered
FROM events.events
WHERE name IN ('service.customer_touched', 'service.customer_answered')
  AND happened_at >= {since:DateTime} AND happened_at < {until:DateTime} AND userid <> ''
GROUP BY userid
ORDER BY userid
