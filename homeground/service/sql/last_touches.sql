-- The last messages that a person was sent, and what members did for them unasked: one row each, the newest first.
-- stage: the event that a touch came to last. channel: of a message; kind: of a member's own touch, as service.customer_touched
-- has it. Params: ids Array(UInt64), all of the person's; since DateTime; most UInt32.
SELECT min(happened_at) AS at, argMax(name, (happened_at, id)) AS stage,
       any(JSONExtractString(properties, 'channel')) AS channel, any(JSONExtractString(properties, 'kind')) AS kind
FROM events.events
WHERE customer_id IN {ids:Array(UInt64)} AND happened_at >= {since:DateTime} AND name IN (
    'channels.message_sent', 'channels.message_delivered', 'channels.message_opened', 'channels.message_clicked',
    'channels.message_answered', 'channels.message_refused', 'service.customer_touched')
GROUP BY JSONExtractUInt(properties, 'touch_id') AS touch, if(touch > 0, 0, id)
ORDER BY at DESC
LIMIT {most:UInt32}
