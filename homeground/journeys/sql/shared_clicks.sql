-- How often links were followed that everybody of a campaign got the same. ClickHouse.
-- Params: campaign_id Int64; since DateTime64(3, 'UTC').
SELECT count() AS clicks
FROM events.events
WHERE name = 'channels.message_clicked' AND happened_at >= {since:DateTime64(3, 'UTC')}
  AND JSONExtractInt(properties, 'campaign_id') = {campaign_id:Int64} AND JSONExtractInt(properties, 'touch_id') = 0
