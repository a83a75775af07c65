-- Promotions that people got or are going to get in a span: (person, day, channel), one row a touch.
-- person: who the customer is now. What waits counts on the day on which it is due, at the earliest now.
-- Params: since, until, now timestamptz; zone text; campaigns bigint[].
SELECT coalesce(c.merged_into_id, c.id) AS person, (told.at AT TIME ZONE %(zone)s)::date AS day, told.channel
FROM (
    SELECT t.customer_id, t.channel,
           CASE WHEN t.state IN ('queued', 'deferred', 'assigned') THEN greatest(t.due_at, %(now)s::timestamptz)
                ELSE t.sent_at END AS at
    FROM journeys_touch t
    WHERE t.campaign_id = ANY(%(campaigns)s) AND t.is_promotion
      AND t.state IN ('queued', 'deferred', 'sending', 'assigned', 'sent', 'delivered', 'opened', 'clicked', 'unknown')
) AS told
JOIN people_customer c ON c.id = told.customer_id
WHERE told.at >= %(since)s AND told.at < %(until)s
