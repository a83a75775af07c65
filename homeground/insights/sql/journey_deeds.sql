-- What customers did in a span, an event a row, by the customer id of the event (merges are followed by the reader).
-- at: milliseconds since the epoch. money: paid + corrections - refunds in one currency, minor units. refused: refused a
-- message, removed us as a friend, or complained. The same rules as outcomes.sql, for starts that differ by person.
-- Params: since, until DateTime64(3): [since, until); currency String.
SELECT
    customer_id AS person,
    toUnixTimestamp64Milli(toDateTime64(happened_at, 3)) AS at,
    toFloat64(name = 'commerce.order_paid') AS orders,
    toFloat64(if(currency = {currency:String}, if(name = 'commerce.order_refunded', -amount, amount), 0)) AS net_spend,
    toFloat64(name = 'people.consent_withdrawn') AS opted_out,
    toFloat64(name IN ('channels.message_refused', 'wecom.friend_removed_by_customer', 'service.ticket_opened')) AS refused
FROM events.events
WHERE name IN ('commerce.order_paid', 'commerce.order_changed', 'commerce.order_refunded', 'channels.message_refused',
               'people.consent_withdrawn', 'wecom.friend_removed_by_customer', 'service.ticket_opened')
    AND customer_id > 0 AND happened_at >= {since:DateTime64(3)} AND happened_at < {until:DateTime64(3)}
    AND (name != 'people.consent_withdrawn' OR JSONExtractString(properties, 'purpose') = 'promotion')
    AND (name != 'service.ticket_opened' OR JSONExtractBool(properties, 'is_complaint'))
