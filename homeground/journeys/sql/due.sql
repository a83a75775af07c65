-- Makes candidates for the guard of a campaign's touches that are due, the longest due first, and locks them.
-- Params: campaign_id; at timestamptz; size int; frozen_at timestamptz (of a campaign: a purchase since counts; of a
-- walk its own beginning). Rows that another process holds are passed over.
INSERT INTO guard_candidate
    (id, campaign_id, customer_id, root_id, enrolment_id, step, channel, is_promotion, relation, time_zone, has_need,
     has_left, since, expires_at, waited_for, waited_detail, waits_from)
SELECT t.id, t.campaign_id, t.customer_id, root.id, t.enrolment_id, t.step, t.channel, t.is_promotion, root.relation,
       root.time_zone, true,
       walk.state = 'ended' AND walk.ending NOT IN ('finished', 'handed_over'),
       CASE WHEN t.enrolment_id IS NULL THEN %(frozen_at)s::timestamptz ELSE walk.entered_at END,
       t.expires_at, t.reason, t.detail, coalesce(t.first_due_at, t.due_at)
FROM (
    SELECT * FROM journeys_touch
    WHERE campaign_id = %(campaign_id)s AND state IN ('queued', 'deferred') AND due_at <= %(at)s
    ORDER BY due_at LIMIT %(size)s FOR UPDATE SKIP LOCKED
) AS t
JOIN people_customer c ON c.id = t.customer_id
JOIN people_customer root ON root.id = coalesce(c.merged_into_id, c.id)
LEFT JOIN journeys_enrolment walk ON walk.id = t.enrolment_id
