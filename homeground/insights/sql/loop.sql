-- What people did in a span and in the span of equal length before it. One row. People: merged customers are one.
-- Params: before, since, until DateTime64(3): the earlier span is [before, since), this one [since, until); currency String.
-- An act is what a person does: an order, a message opened, clicked or answered, any event of their own from outside;
-- what we do to them (sending, segments, tags) is none.
WITH
absorbed AS (
    SELECT customer_id, argMax(into_id, version) AS survivor FROM events.customers
    WHERE customer_id IN (SELECT customer_id FROM events.customers WHERE into_id != customer_id)
    GROUP BY customer_id HAVING survivor != customer_id
),
told AS (
    SELECT
        if(absorbed.survivor = 0, event.customer_id, absorbed.survivor) AS person, name, amount, currency, properties,
        happened_at >= {since:DateTime64(3)} AS is_now,
        name IN ('commerce.order_paid', 'channels.message_opened', 'channels.message_clicked', 'channels.message_answered')
            OR NOT match(name, '^(people|segments|channels|commerce|journeys)[.]') AS is_act
    FROM events.events AS event LEFT JOIN absorbed ON absorbed.customer_id = event.customer_id
    WHERE happened_at >= {before:DateTime64(3)} AND happened_at < {until:DateTime64(3)} AND event.customer_id > 0
        AND NOT match(name, '^segments[.]')
),
sets AS (
    SELECT
        groupBitmapStateIf(person, is_act AND is_now) AS active_set, groupBitmapStateIf(person, is_act AND NOT is_now) AS active_before_set,
        groupBitmapStateIf(person, name = 'channels.message_sent' AND is_now) AS touched_set,
        groupBitmapStateIf(person, name = 'channels.message_sent' AND NOT is_now) AS touched_before_set,
        groupBitmapStateIf(person, is_now AND name IN ('channels.message_opened', 'channels.message_clicked', 'channels.message_answered')) AS answered_set,
        groupBitmapStateIf(person, is_now AND name = 'channels.message_opened') AS opened_set,
        groupBitmapStateIf(person, is_now AND name = 'channels.message_clicked') AS clicked_set,
        groupBitmapStateIf(person, is_now AND name = 'channels.message_answered') AS replied_set,
        groupBitmapStateIf(person, is_now AND name = 'channels.message_refused') AS refused_set,
        groupBitmapStateIf(person, is_now AND name = 'people.consent_withdrawn' AND JSONExtractString(properties, 'purpose') = 'promotion') AS opted_out_set,
        groupBitmapStateIf(person, name = 'commerce.order_paid' AND is_now) AS buyers_set,
        groupBitmapStateIf(person, name = 'commerce.order_paid' AND NOT is_now) AS buyers_before_set,
        countIf(name = 'channels.message_sent' AND is_now) AS messages,
        countIf(name = 'commerce.order_paid' AND is_now) AS orders, countIf(name = 'commerce.order_paid' AND NOT is_now) AS orders_before
    FROM told
),
fresh AS (
    SELECT groupBitmapState(customer_id) AS people FROM events.customers
    WHERE created_at >= {since:DateTime64(3)} AND created_at < {until:DateTime64(3)} AND into_id = customer_id
),
fresh_before AS (
    SELECT groupBitmapState(customer_id) AS people FROM events.customers
    WHERE created_at >= {before:DateTime64(3)} AND created_at < {since:DateTime64(3)} AND into_id = customer_id
),
old AS (
    SELECT groupBitmapState(if(absorbed.survivor = 0, event.customer_id, absorbed.survivor)) AS people
    FROM events.events AS event LEFT JOIN absorbed ON absorbed.customer_id = event.customer_id
    WHERE name = 'commerce.order_paid' AND event.customer_id > 0 AND happened_at < {since:DateTime64(3)}
)
SELECT
    bitmapCardinality(fresh.people) AS joined, bitmapCardinality(fresh_before.people) AS joined_before,
    bitmapAndCardinality(fresh.people, buyers_set) AS joined_bought, bitmapAndCardinality(fresh.people, opted_out_set) AS joined_left,
    bitmapCardinality(active_set) AS active, bitmapCardinality(active_before_set) AS active_before,
    bitmapAndCardinality(active_set, active_before_set) AS stayed,
    bitmapCardinality(touched_set) AS touched, bitmapCardinality(touched_before_set) AS touched_before,
    bitmapCardinality(answered_set) AS answered, bitmapCardinality(opened_set) AS opened, bitmapCardinality(clicked_set) AS clicked,
    bitmapCardinality(replied_set) AS replied, messages,
    bitmapCardinality(refused_set) AS refused, bitmapCardinality(opted_out_set) AS opted_out,
    bitmapCardinality(buyers_set) AS buyers, bitmapCardinality(buyers_before_set) AS buyers_before,
    bitmapAndCardinality(buyers_set, old.people) AS came_back, bitmapCardinality(old.people) AS bought_ever,
    orders, orders_before
FROM sets, fresh, fresh_before, old
