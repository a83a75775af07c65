-- Messages sent, and people who refused, by campaign (0: none) in a span. Params: since, until DateTime64(3).
SELECT
    JSONExtractUInt(properties, 'campaign_id') AS campaign_id,
    countIf(name = 'channels.message_sent') AS messages,
    uniqExactIf(customer_id, name = 'channels.message_refused') AS refused
FROM events.events
WHERE name IN ('channels.message_sent', 'channels.message_refused')
    AND happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
GROUP BY campaign_id ORDER BY campaign_id
