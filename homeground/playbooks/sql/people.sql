-- People by period: whom we wrote to, who took part, who bought, and what harm was met with. Periods are `days` times 24 hours from
-- `since` on; period 0 is there for what is compared with it. Merged customers are one person.
-- Params: since, until DateTime64(3); days UInt32.
-- joined: touched, and clicked, answered, liked or commented; kept: bought, and in the period before, too; left: touched, and opted
-- out, refused, removed us as a friend or left a group by themselves; complained: of those reached; refunded: of those who bought.
SELECT
    period, countIf(is_touched) AS touched, countIf(is_touched AND took_part) AS joined, countIf(orders > 0) AS buyers,
    countIf(orders > 1) AS repeaters, countIf(orders > 0 AND has(buying, period - 1)) AS kept, countIf(is_touched AND is_gone) AS left,
    countIf(is_touched OR orders > 0 OR wrote) AS reached, countIf(has_complained AND (is_touched OR orders > 0 OR wrote)) AS complained,
    countIf(orders > 0 AND has_refund) AS refunded
FROM (
    SELECT *, groupArrayIf(period, orders > 0) OVER (PARTITION BY person) AS buying
    FROM (
        SELECT
            if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS person,
            toInt32(intDiv(dateDiff('second', {since:DateTime64(3)}, told.happened_at), {days:UInt32} * 86400)) AS period,
            countIf(name = 'channels.message_sent') > 0 AS is_touched,
            countIf(name IN ('channels.message_clicked', 'channels.message_answered', 'wecom.moment_liked', 'wecom.moment_commented')) > 0 AS took_part,
            countIf(name = 'commerce.order_paid') AS orders,
            countIf(name = 'commerce.order_refunded') > 0 AS has_refund,
            countIf(name = 'service.message_received') > 0 AS wrote,
            countIf(name IN ('channels.message_refused', 'wecom.friend_removed_by_customer')
                OR (name = 'people.consent_withdrawn' AND JSONExtractString(properties, 'purpose') = 'promotion')
                OR (name = 'wecom.group_left' AND NOT JSONExtractBool(properties, 'was_removed'))) > 0 AS is_gone,
            countIf(name = 'service.ticket_opened' AND JSONExtractBool(properties, 'is_complaint')) > 0 AS has_complained
        FROM (
            SELECT customer_id, name, properties, happened_at FROM events.events
            WHERE happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)} AND customer_id > 0
        ) AS told
        LEFT JOIN (
            SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
        ) AS absorbed ON absorbed.customer_id = told.customer_id
        GROUP BY person, period
    )
)
GROUP BY period ORDER BY period
