-- What people did in a span and in the span of equal length before it. One row. People: merged customers are one.
-- Params: before, since, until DateTime64(3): the earlier span is [before, since), this one [since, until); acts: the
-- names of our own facts that people themselves do. Any event from outside is an act too; what we do to them is none.
-- Refused: blocked or refused a message, removed us as a friend, or complained.
-- Merges are followed on the finished sets of ids: joined to each event they took three times as long at 5 M events.
WITH
(
    SELECT (groupArray(customer_id), groupArray(survivor)) FROM (
        SELECT customer_id, argMax(into_id, version) AS survivor FROM events.customers
        WHERE customer_id IN (SELECT customer_id FROM events.customers WHERE into_id != customer_id)
        GROUP BY customer_id HAVING survivor != customer_id
    )
) AS merged,
told AS (
    SELECT
        customer_id AS person, name, properties, happened_at >= {since:DateTime64(3)} AS is_now,
        has({acts:Array(String)}, name) OR NOT match(name, '^(people|segments|channels|commerce|journeys|growth|service|wecom)[.]') AS is_act
    FROM events.events
    WHERE happened_at >= {before:DateTime64(3)} AND happened_at < {until:DateTime64(3)} AND customer_id > 0
        AND NOT match(name, '^segments[.]')
),
raw AS (
    SELECT
        groupBitmapStateIf(person, is_act AND is_now) AS r_active,
        groupBitmapStateIf(person, is_act AND NOT is_now) AS r_active_before,
        groupBitmapStateIf(person, name = 'channels.message_sent' AND is_now) AS r_touched,
        groupBitmapStateIf(person, name = 'channels.message_sent' AND NOT is_now) AS r_touched_before,
        groupBitmapStateIf(person, name = 'channels.message_opened' AND is_now) AS r_opened,
        groupBitmapStateIf(person, name = 'channels.message_clicked' AND is_now) AS r_clicked,
        groupBitmapStateIf(person, name = 'channels.message_answered' AND is_now) AS r_replied,
        groupBitmapStateIf(person, is_now AND (name IN ('channels.message_refused', 'wecom.friend_removed_by_customer')
            OR name = 'service.ticket_opened' AND JSONExtractBool(properties, 'is_complaint'))) AS r_refused,
        groupBitmapStateIf(person, name = 'wecom.friend_added' AND is_now) AS r_befriended,
        groupBitmapStateIf(person, name = 'people.consent_withdrawn' AND is_now
            AND JSONExtractString(properties, 'purpose') = 'promotion') AS r_opted_out,
        groupBitmapStateIf(person, name = 'commerce.order_paid' AND is_now) AS r_buyers,
        groupBitmapStateIf(person, name = 'commerce.order_paid' AND NOT is_now) AS r_buyers_before,
        countIf(name = 'channels.message_sent' AND is_now) AS messages,
        countIf(name = 'commerce.order_paid' AND is_now) AS orders,
        countIf(name = 'commerce.order_paid' AND NOT is_now) AS orders_before
    FROM told
),
sets AS (
    SELECT
        bitmapTransform(r_active, merged.1, merged.2) AS s_active,
        bitmapTransform(r_active_before, merged.1, merged.2) AS s_active_before,
        bitmapTransform(r_touched, merged.1, merged.2) AS s_touched,
        bitmapTransform(r_touched_before, merged.1, merged.2) AS s_touched_before,
        bitmapTransform(r_opened, merged.1, merged.2) AS s_opened,
        bitmapTransform(r_clicked, merged.1, merged.2) AS s_clicked,
        bitmapTransform(r_replied, merged.1, merged.2) AS s_replied,
        bitmapTransform(r_refused, merged.1, merged.2) AS s_refused,
        bitmapTransform(r_befriended, merged.1, merged.2) AS s_befriended,
        bitmapTransform(r_opted_out, merged.1, merged.2) AS s_opted_out,
        bitmapTransform(r_buyers, merged.1, merged.2) AS s_buyers,
        bitmapTransform(r_buyers_before, merged.1, merged.2) AS s_buyers_before,
        messages, orders, orders_before
    FROM raw
),
fresh AS (
    SELECT
        groupBitmapStateIf(customer_id, created_at >= {since:DateTime64(3)}) AS s_joined,
        groupBitmapStateIf(customer_id, created_at < {since:DateTime64(3)}) AS s_joined_before
    FROM events.customers
    WHERE created_at >= {before:DateTime64(3)} AND created_at < {until:DateTime64(3)} AND into_id = customer_id
        AND NOT has(merged.1, customer_id)
),
old AS (
    SELECT bitmapTransform(groupBitmapState(customer_id), merged.1, merged.2) AS s_old
    FROM events.events
    WHERE name = 'commerce.order_paid' AND customer_id > 0 AND happened_at < {since:DateTime64(3)}
)
SELECT
    bitmapCardinality(s_joined) AS joined, bitmapCardinality(s_joined_before) AS joined_before,
    bitmapAndCardinality(s_joined, s_buyers) AS joined_bought, bitmapAndCardinality(s_joined, s_opted_out) AS joined_left,
    bitmapCardinality(s_active) AS active, bitmapCardinality(s_active_before) AS active_before,
    bitmapAndCardinality(s_active, s_active_before) AS stayed,
    bitmapCardinality(s_touched) AS touched, bitmapCardinality(s_touched_before) AS touched_before,
    bitmapCardinality(bitmapOr(bitmapOr(s_opened, s_clicked), s_replied)) AS answered,
    bitmapCardinality(s_opened) AS opened, bitmapCardinality(s_clicked) AS clicked, bitmapCardinality(s_replied) AS replied,
    messages, bitmapCardinality(s_befriended) AS befriended, bitmapCardinality(s_refused) AS refused, bitmapCardinality(s_opted_out) AS opted_out,
    bitmapCardinality(s_buyers) AS buyers, bitmapCardinality(s_buyers_before) AS buyers_before,
    bitmapAndCardinality(s_buyers, s_old) AS came_back, bitmapCardinality(s_old) AS bought_ever,
    orders, orders_before
FROM sets, fresh, old
