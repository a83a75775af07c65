-- Makes candidates of the rivals of those that are there: other touches of the same persons that are due now, in
-- campaigns and journeys that are sending. Nothing is locked: the caller holds the lock of all claims.
-- Params: campaign_id (whose own touches are there already); at timestamptz.
INSERT INTO guard_candidate
    (id, campaign_id, customer_id, root_id, enrolment_id, step, channel, is_promotion, relation, time_zone, has_need,
     has_left, since, expires_at, waits_from, is_own)
SELECT t.id, t.campaign_id, t.customer_id, asked.root_id, t.enrolment_id, t.step, t.channel, t.is_promotion,
       asked.relation, asked.time_zone, true,
       walk.state = 'ended' AND walk.ending NOT IN ('finished', 'handed_over'),
       CASE WHEN t.enrolment_id IS NULL THEN other.frozen_at ELSE walk.entered_at END,
       t.expires_at, coalesce(t.first_due_at, t.due_at), false
FROM (SELECT DISTINCT root_id, relation, time_zone FROM guard_candidate) AS asked
CROSS JOIN LATERAL (
    SELECT asked.root_id AS id
    UNION ALL
    SELECT absorbed.id FROM people_customer absorbed WHERE absorbed.merged_into_id = asked.root_id
) AS member
JOIN journeys_touch t ON t.customer_id = member.id AND t.state IN ('queued', 'deferred') AND t.due_at <= %(at)s
JOIN journeys_campaign other ON other.id = t.campaign_id AND other.state = 'sending' AND other.id <> %(campaign_id)s
LEFT JOIN journeys_enrolment walk ON walk.id = t.enrolment_id
