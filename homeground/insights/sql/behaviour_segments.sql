-- How the members of segments behaved in a span: one row a segment. People who did nothing count as members.
-- Params: ids Array(UInt64) and generations Array(UInt32), the newest of each segment; since, until DateTime64(3);
-- currency String. Members are today's, whoever they were then. Money: paid + corrections - refunds, minor units.
SELECT
    member.segment_id AS segment_id, uniqExact(member.customer_id) AS members, countIf(did.acts > 0) AS took_part,
    countIf(did.clicks > 0) AS clicked, countIf(did.orders > 0) AS bought, countIf(did.opt_outs > 0) AS opted_out,
    sum(did.net_minor) AS net_minor
FROM events.segment_members AS member
LEFT JOIN (
    SELECT
        if(absorbed.survivor = 0, event.customer_id, absorbed.survivor) AS person,
        countIf(name IN ('commerce.order_paid', 'channels.message_opened', 'channels.message_clicked',
            'channels.message_answered') OR NOT match(name, '^(people|segments|channels|commerce|journeys)[.]')) AS acts,
        countIf(name = 'channels.message_clicked') AS clicks, countIf(name = 'commerce.order_paid') AS orders,
        countIf(name = 'people.consent_withdrawn') AS opt_outs,
        sumIf(if(name = 'commerce.order_refunded', -amount, amount), currency = {currency:String}
            AND name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded')) AS net_minor
    FROM events.events AS event
    LEFT JOIN (
        SELECT customer_id, argMax(into_id, version) AS survivor FROM events.customers
        WHERE customer_id IN (SELECT customer_id FROM events.customers WHERE into_id != customer_id)
        GROUP BY customer_id HAVING survivor != customer_id
    ) AS absorbed ON absorbed.customer_id = event.customer_id
    WHERE happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)} AND event.customer_id > 0
        AND NOT match(name, '^segments[.]')
    GROUP BY person
) AS did ON did.person = member.customer_id
WHERE (member.segment_id, member.generation) IN (SELECT arrayJoin(arrayZip({ids:Array(UInt64)}, {generations:Array(UInt32)})))
GROUP BY segment_id
ORDER BY segment_id
