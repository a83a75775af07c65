-- Makes candidates for the guard of a campaign's touches that are due, the longest due first, and locks them.
-- Params: campaign_id; at timestamptz; size int. Rows that another process holds are passed over.
INSERT INTO guard_candidate (customer_id, root_id, channel, relation, time_zone, has_need)
SELECT t.customer_id, root.id, t.channel, root.relation, root.time_zone, true
FROM (
    SELECT id, customer_id, channel, due_at FROM journeys_touch
    WHERE campaign_id = %(campaign_id)s AND state IN ('queued', 'deferred') AND due_at <= %(at)s
    ORDER BY due_at LIMIT %(size)s FOR UPDATE SKIP LOCKED
) AS t
JOIN people_customer c ON c.id = t.customer_id
JOIN people_customer root ON root.id = coalesce(c.merged_into_id, c.id)
