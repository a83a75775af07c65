-- Makes candidates for the guard of a campaign's treated participants who have no touch yet.
-- Reads the temporary table audience_person (customer_id, arm, has_need).
-- Params: campaign_id; is_promotion; channel; weak_channel (empty: none), through which people with no tie or a one-way
-- tie are reached (M29).
INSERT INTO guard_candidate
    (id, campaign_id, customer_id, root_id, channel, is_promotion, relation, time_zone, has_need)
SELECT c.id, %(campaign_id)s, c.id, c.id,
       CASE WHEN %(weak_channel)s <> '' AND c.relation IN ('none', 'one_way') THEN %(weak_channel)s ELSE %(channel)s END,
       %(is_promotion)s, c.relation, c.time_zone, a.has_need
FROM audience_person a JOIN people_customer c ON c.id = a.customer_id
WHERE a.arm = 'treated'
