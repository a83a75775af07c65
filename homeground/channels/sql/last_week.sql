-- Messages sent and failed, and customers who opted out, by channel, in a stretch of time; by channel name.
-- Params: since, until DateTime64 (UTC; since included, until not).
SELECT
    JSONExtractString(properties, 'channel') AS channel,
    countIf(name = 'channels.message_sent') AS sent,
    countIf(name = 'channels.message_failed') AS failed,
    uniqExactIf(customer_id, name = 'people.consent_withdrawn' AND JSONExtractString(properties, 'purpose') = 'promotion') AS opt_outs
FROM events.events
WHERE name IN ('channels.message_sent', 'channels.message_failed', 'people.consent_withdrawn')
  AND happened_at >= {since:DateTime64(3, 'UTC')}
  AND happened_at < {until:DateTime64(3, 'UTC')}
GROUP BY channel
ORDER BY channel
