-- What a brand's own orders say of price, deal cycle and frequency. One row. Guests and merged customers as elsewhere.
-- Params: until DateTime64(3); currency String; contacts Array(String): facts by which we first hear of a person.
-- median: of paid orders of this currency above zero, minor units; gap: median days between two orders of a person; cycle: median
-- days from the first contact to the first order, of those who were known at least an hour before it; ripe: people whose first order
-- is 180 days old; ripe_again: of them, with a second one.
SELECT
    sum(bought) AS orders, count() AS buyers, countIf(bought > 1) AS repeaters, min(began_at) AS first_at, max(ended_at) AS last_at,
    ifNotFinite(quantileExactArray(0.5)(amounts), 0) AS median, sum(length(apart)) AS gaps,
    ifNotFinite(quantileExactArray(0.5)(apart), 0) AS gap_days,
    countIf(lead > 1 / 24) AS led, ifNotFinite(quantileExactIf(0.5)(lead, lead > 1 / 24), 0) AS cycle_days,
    countIf(began_at < {until:DateTime64(3)} - toIntervalDay(180)) AS ripe,
    countIf(began_at < {until:DateTime64(3)} - toIntervalDay(180) AND bought > 1) AS ripe_again
FROM (
    SELECT
        bought, began_at, ended_at, amounts,
        arrayMap(gap -> gap / 86400, arraySlice(arrayDifference(arraySort(paid)), 2)) AS apart,
        dateDiff('second', least(known.created_at, if(contact = toDateTime64(0, 3, 'UTC'), known.created_at, contact)), began_at) / 86400 AS lead
    FROM (
        SELECT
            if(absorbed.into_id = 0, told.customer_id, absorbed.into_id) AS person, countIf(is_order) AS bought,
            minIf(told.happened_at, is_order) AS began_at, maxIf(told.happened_at, is_order) AS ended_at,
            groupArrayIf(toUnixTimestamp(told.happened_at), is_order) AS paid,
            groupArrayIf(told.amount, is_order AND told.currency = {currency:String} AND told.amount > 0) AS amounts,
            minIf(told.happened_at, NOT is_order) AS contact
        FROM (
            SELECT customer_id, happened_at, amount, currency, name = 'commerce.order_paid' AS is_order FROM events.events
            WHERE (name = 'commerce.order_paid' OR has({contacts:Array(String)}, name)) AND customer_id > 0
                AND happened_at < {until:DateTime64(3)}
        ) AS told
        LEFT JOIN (
            SELECT customer_id, into_id FROM events.customers FINAL WHERE into_id != customer_id
        ) AS absorbed ON absorbed.customer_id = told.customer_id
        GROUP BY person HAVING bought > 0
    ) AS people
    INNER JOIN (
        SELECT customer_id, created_at FROM events.customers FINAL WHERE into_id = customer_id
    ) AS known ON known.customer_id = people.person
)
