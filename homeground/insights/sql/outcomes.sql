-- What each customer did around a freeze, by the customer id of their events (merges are followed by the reader).
-- Whoever did nothing is not in it. Money: paid + corrections - refunds in one currency, minor units, by the moment
-- of each event. refused: refused a message, removed us as a friend, or complained. first_day: full days from the freeze to the first order after it, -1 without one.
-- Params: frozen_at, until, since DateTime64(3) (since: where the time before begins); currency String.
SELECT
    customer_id AS person,
    toFloat64(countIf(name = 'commerce.order_paid' AND is_after)) AS orders,
    toFloat64(sumIf(money, is_after)) AS net_spend,
    toFloat64(countIf(name = 'commerce.order_paid' AND NOT is_after)) AS orders_before,
    toFloat64(sumIf(money, NOT is_after)) AS net_spend_before,
    if(orders > 0, minIf(toInt32(dateDiff('second', {frozen_at:DateTime64(3)}, happened_at) / 86400),
                         name = 'commerce.order_paid' AND is_after), -1) AS first_day,
    toUInt8(countIf(name = 'people.consent_withdrawn' AND is_after) > 0) AS opted_out,
    toUInt8(countIf(is_harm AND is_after) > 0) AS refused
FROM (
    SELECT
        customer_id, name, happened_at,
        name IN ('channels.message_refused', 'wecom.friend_removed_by_customer', 'service.ticket_opened') AS is_harm,
        happened_at > {frozen_at:DateTime64(3)} AS is_after,
        if(currency = {currency:String}, if(name = 'commerce.order_refunded', -amount, amount), 0) AS money
    FROM events.events
    WHERE name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded', 'channels.message_refused',
                   'people.consent_withdrawn', 'wecom.friend_removed_by_customer', 'service.ticket_opened')
        AND customer_id > 0 AND happened_at > {since:DateTime64(3)} AND happened_at <= {until:DateTime64(3)}
        AND (name != 'people.consent_withdrawn' OR JSONExtractString(properties, 'purpose') = 'promotion')
        AND (name != 'service.ticket_opened' OR JSONExtractBool(properties, 'is_complaint'))
)
GROUP BY customer_id
