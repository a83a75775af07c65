-- People who entered a journey, and who reached its goal, by journey (its slug) in a span; held-out ones do not walk.
-- Params: since, until DateTime64(3). People by the id of the event.
SELECT
    JSONExtractString(properties, 'journey') AS journey,
    uniqExactIf(customer_id, name = 'journeys.journey_entered' AND JSONExtractString(properties, 'arm') = 'treated') AS entered,
    uniqExactIf(customer_id, name = 'journeys.journey_left' AND JSONExtractString(properties, 'ending') = 'goal') AS reached
FROM events.events
WHERE name IN ('journeys.journey_entered', 'journeys.journey_left')
    AND happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
GROUP BY journey ORDER BY journey
