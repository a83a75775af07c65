-- A row a day of the brand's zone, oldest first; days without events are left out.
-- Params: since, until DateTime64(3); zone String; acts Array(String), as in loop.sql. People by the id of the event: a merge may count two on one day.
SELECT
    toDate(happened_at, {zone:String}) AS day,
    uniqExactIf(customer_id, has({acts:Array(String)}, name) OR NOT match(name, '^(people|segments|channels|commerce|journeys|growth|service|wecom)[.]')) AS active,
    uniqExactIf(customer_id, name = 'channels.message_sent') AS touched,
    uniqExactIf(customer_id, name = 'commerce.order_paid') AS buyers
FROM events.events
WHERE happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)} AND customer_id > 0
    AND NOT match(name, '^segments[.]')
GROUP BY day ORDER BY day
