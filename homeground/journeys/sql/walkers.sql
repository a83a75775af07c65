-- Makes candidates for the guard of walkers who have come to a message step. What they bought since their walk began
-- makes a promotion pointless, as a purchase after the freeze does for a campaign.
-- Params: enrolment_ids bigint[], steps int[], customer_ids bigint[]; campaign_id; is_promotion; channel; weak_channel
-- (empty: none), through which people with no tie or a one-way tie are reached (M29); expires_at timestamptz.
INSERT INTO guard_candidate
    (id, campaign_id, customer_id, root_id, enrolment_id, step, channel, is_promotion, relation, time_zone, has_need,
     since, expires_at)
SELECT w.number, %(campaign_id)s, c.id, root.id, w.enrolment_id, w.step,
       CASE WHEN %(weak_channel)s <> '' AND root.relation IN ('none', 'one_way') THEN %(weak_channel)s
            ELSE %(channel)s END,
       %(is_promotion)s, root.relation, root.time_zone, true, walk.entered_at, %(expires_at)s
FROM unnest(%(enrolment_ids)s::bigint[], %(steps)s::int[], %(customer_ids)s::bigint[]) WITH ORDINALITY
    AS w (enrolment_id, step, customer_id, number)
JOIN people_customer c ON c.id = w.customer_id
JOIN people_customer root ON root.id = coalesce(c.merged_into_id, c.id)
LEFT JOIN journeys_enrolment walk ON walk.id = w.enrolment_id
