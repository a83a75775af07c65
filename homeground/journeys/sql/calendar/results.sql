-- What was sent on each day of a zone, and what came of it: (day, sent, answered, bought). A message counts as answered
-- when it was opened, clicked or replied to; as bought when its customer paid an order within three days after it.
-- Params: since, until timestamptz; zone text; campaigns bigint[].
SELECT (t.sent_at AT TIME ZONE %(zone)s)::date AS day, count(*),
       count(*) FILTER (WHERE t.opened_at IS NOT NULL OR t.clicked_at IS NOT NULL OR t.answered_at IS NOT NULL),
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM commerce_order o
           WHERE o.customer_id = t.customer_id AND o.kind = 'sale'
             AND o.paid_at > t.sent_at AND o.paid_at <= t.sent_at + interval '3 days'))
FROM journeys_touch t
WHERE t.campaign_id = ANY(%(campaigns)s) AND t.sent_at >= %(since)s AND t.sent_at < %(until)s
  AND t.state IN ('sent', 'delivered', 'opened', 'clicked')
GROUP BY 1 ORDER BY 1
