-- Everyone who entered a journey, by their first entry: (person, arms, arm, version_id, variant, entered_ms, relation,
-- messages, cost_minor). PostgreSQL, read by COPY.
-- person: who the customer is now, merges followed. arms: 2 when the entries of one person were put in several arms.
-- entered_ms: of the first entry, milliseconds since the epoch. relation: the stage then, before the journey could move
-- it. messages: of the journey that reached the person within their days; cost_minor: what was sent, known or not to
-- have come.
-- Params: journey_id; until timestamptz; days int.
WITH walk AS (
    SELECT e.id, coalesce(c.merged_into_id, c.id) AS person, e.customer_id, e.version_id, e.arm, e.variant, e.entered_at
    FROM journeys_enrolment e JOIN people_customer c ON c.id = e.customer_id
    WHERE e.journey_id = %(journey_id)s AND e.entered_at <= %(until)s
),
entry AS (
    SELECT DISTINCT ON (person) person, customer_id, version_id, arm, variant, entered_at
    FROM walk ORDER BY person, entered_at, id
),
arms AS (
    SELECT person, 1 + (min(arm) <> max(arm))::int AS arms FROM walk GROUP BY person
),
moved AS (
    SELECT DISTINCT ON (entry.person) entry.person, m.before
    FROM entry JOIN people_relationmove m ON m.customer_id = entry.customer_id AND m.moved_at > entry.entered_at
    ORDER BY entry.person, m.moved_at, m.id
),
sent AS (
    SELECT walk.person, count(*) FILTER (WHERE t.state <> 'unknown') AS messages, sum(m.touch_cost_minor) AS cost_minor
    FROM walk
    JOIN entry ON entry.person = walk.person
    JOIN journeys_touch t ON t.enrolment_id = walk.id
    JOIN journeys_campaign m ON m.id = t.campaign_id
    WHERE t.state IN ('sent', 'delivered', 'opened', 'clicked', 'unknown')
      AND t.sent_at <= entry.entered_at + %(days)s * interval '1 day'
    GROUP BY walk.person
)
SELECT entry.person, arms.arms, entry.arm, entry.version_id, entry.variant,
       (extract(epoch FROM entry.entered_at) * 1000)::bigint AS entered_ms,
       coalesce(moved.before, c.relation) AS relation,
       coalesce(sent.messages, 0) AS messages, coalesce(sent.cost_minor, 0) AS cost_minor
FROM entry
JOIN arms ON arms.person = entry.person
JOIN people_customer c ON c.id = entry.customer_id
LEFT JOIN moved ON moved.person = entry.person
LEFT JOIN sent ON sent.person = entry.person
