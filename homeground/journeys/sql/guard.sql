-- The guard: what happens to each candidate touch at one moment, taken for itself (rivals: arbiter.py). One row a
-- candidate, none lost: (id, state queued | deferred | suppressed, reason, detail, due_at).
--
-- The first reason in this order counts, so that every person left out is counted once:
--   left_journey     the walk is over before its time, so nothing of it is wanted any more;
--   same_person      else one person would get it twice, or the holdout would be touched under another id;
--   opted_out        the law, and the person's own word, come before anything we may want;
--   no_consent       nobody was asked: permission is missing (promotions only);
--   no_address       there is no way to reach them, whatever the rest says;
--   no_need          they could be reached, but the script does not fit them;
--   already_bought   its purpose is fulfilled since the freeze, or since the walk began (promotions only);
--   expired          it has waited longer than it is good for; the detail says for what;
--   frequency_cap    it would fit, but they bear no more this week (promotions only);
--   promotion_share  the same, by what share of all we send is promotion (promotions only);
--   platform_quota   we would send it, but the platform lets no more mass messages through to them in this period;
--   quiet_hours      last, because it only delays: the touch comes back when the window ends.
-- What has an end (a journey's message) is put off instead for the last three reasons before quiet hours, until there
-- is room again or it expires; a channel that is closed to a relation never has room. It is looked at every four hours:
-- a reply, a purchase, a changed rule or a message that staff did not confirm may have made room before.
--
-- Begins with borne.sql and reach.sql. Reads the temporary table guard_candidate (guard_tables.sql).
-- Params, with those of borne.sql and reach.sql: cap_relations text[], cap_channels text[], cap_days int[], cap_most
-- int[]; share_bp, share_days, share_from int; quiet_zones text[], quiet_channels text[], quiet_until timestamptz[]
-- (where it is quiet at the moment, and how long); has_since boolean (false: no candidate has one, and orders are not
-- looked at).
mate AS (  -- Other ids of the same person.
    SELECT c.*, person.customer_id AS mate_id
    FROM guard_candidate c JOIN person ON person.candidate_id = c.id AND person.customer_id <> c.customer_id
),
earlier AS (  -- What another id of the person has of it: held out, or a touch.
    SELECT mate.*, p.arm, t.state
    FROM mate
    JOIN journeys_participant p ON p.campaign_id = mate.campaign_id AND p.customer_id = mate.mate_id
    LEFT JOIN journeys_touch t ON t.campaign_id = p.campaign_id AND t.customer_id = p.customer_id
    WHERE mate.enrolment_id IS NULL
    UNION ALL
    SELECT mate.*, walk.arm, t.state
    FROM mate
    JOIN journeys_enrolment own ON own.id = mate.enrolment_id
    JOIN journeys_enrolment walk ON walk.customer_id = mate.mate_id AND walk.journey_id = own.journey_id
     AND (walk.ended_at IS NULL OR walk.ended_at > own.entered_at)  -- At the same time, not an earlier visit.
    LEFT JOIN journeys_touch t ON t.enrolment_id = walk.id AND t.campaign_id = mate.campaign_id
),
twice AS (  -- Of two that wait, the survivor's comes first, then that of the oldest id.
    SELECT DISTINCT id AS candidate_id FROM earlier
    WHERE arm <> 'treated'
       OR state NOT IN ('queued', 'deferred', 'suppressed')
       OR (state <> 'suppressed' AND (mate_id = root_id OR (customer_id <> root_id AND mate_id < customer_id)))
),
bought AS (
    SELECT DISTINCT p.candidate_id
    FROM person p JOIN commerce_order o ON o.customer_id = p.customer_id
    WHERE %(has_since)s AND p.is_promotion
      AND o.kind = 'sale' AND o.paid_at > p.since AND o.paid_at <= %(moment)s::timestamptz
),
cap AS (
    SELECT * FROM unnest(%(cap_relations)s::text[], %(cap_channels)s::text[], %(cap_days)s::int[], %(cap_most)s::int[])
        AS given (relation, channel, days, most)
),
full_cap AS (  -- room_at: when enough of them have left the window.
    SELECT c.id AS candidate_id, cap.*, 0 AS had, NULL::timestamptz AS room_at
    FROM guard_candidate c JOIN cap ON cap.relation = c.relation AND cap.channel IN (c.channel, '*')
    WHERE cap.most = 0 AND c.is_promotion
    UNION ALL
    SELECT w.candidate_id, cap.*, count(*),
           (array_agg(w.sent_at ORDER BY w.sent_at))[count(*) - cap.most + 1] + cap.days * interval '1 day'
    FROM weighing w
    JOIN cap ON cap.relation = w.relation AND cap.channel IN (w.channel, '*') AND cap.channel IN (w.through, '*')
    WHERE w.sent_at > %(moment)s::timestamptz - cap.days * interval '1 day'
    GROUP BY w.candidate_id, cap.relation, cap.channel, cap.days, cap.most
    HAVING count(*) >= cap.most AND cap.most > 0
),
capped AS (  -- Told by the shortest window that is full.
    SELECT candidate_id, bool_or(most = 0) AS is_closed, max(room_at) AS room_at,
           (array_agg(jsonb_build_object('had', had, 'most', most, 'days', days, 'channel', channel)
                      ORDER BY days, channel))[1] AS detail
    FROM full_cap GROUP BY candidate_id
),
crowded AS (
    SELECT candidate_id,
           jsonb_build_object('promotions', count(*) FILTER (WHERE is_promotion), 'touches', count(*),
                              'days', %(share_days)s, 'share_bp', %(share_bp)s) AS detail,
           min(sent_at) FILTER (WHERE is_promotion) + %(share_days)s * interval '1 day' AS room_at
    FROM recent
    WHERE sent_at > %(moment)s::timestamptz - %(share_days)s * interval '1 day'
    GROUP BY candidate_id
    HAVING count(*) + 1 >= %(share_from)s
       AND (count(*) FILTER (WHERE is_promotion) + 1) * 10000 > %(share_bp)s * (count(*) + 1)
),
used_up AS (
    SELECT candidate_id, jsonb_build_object('had', had, 'most', most, 'mode', mode) AS detail, ends AS room_at
    FROM mass WHERE had >= most
),
quiet AS (
    SELECT * FROM unnest(%(quiet_zones)s::text[], %(quiet_channels)s::text[], %(quiet_until)s::timestamptz[])
        AS given (time_zone, channel, until)
),
judged AS (
    SELECT c.id, c.expires_at, capped.is_closed, quiet.until, c.waited_for, c.waited_detail,
           capped.detail AS cap_detail, crowded.detail AS share_detail, used_up.detail AS quota_detail,
           greatest(capped.room_at, crowded.room_at, used_up.room_at) AS room_at,
           CASE
               WHEN c.has_left THEN 'left_journey'
               WHEN twice.candidate_id IS NOT NULL THEN 'same_person'
               WHEN said.withdrawn_at >= coalesce(said.granted_at, said.withdrawn_at) THEN 'opted_out'
               WHEN c.is_promotion AND said.granted_at IS NULL THEN 'no_consent'
               WHEN reachable.candidate_id IS NULL THEN 'no_address'
               WHEN NOT c.has_need THEN 'no_need'
               WHEN bought.candidate_id IS NOT NULL THEN 'already_bought'
               WHEN c.expires_at <= %(moment)s::timestamptz THEN 'expired'
               WHEN capped.candidate_id IS NOT NULL THEN 'frequency_cap'
               WHEN crowded.candidate_id IS NOT NULL THEN 'promotion_share'
               WHEN used_up.candidate_id IS NOT NULL THEN 'platform_quota'
               WHEN quiet.until IS NOT NULL THEN 'quiet_hours'
               ELSE ''
           END AS reason
    FROM guard_candidate c
    LEFT JOIN twice ON twice.candidate_id = c.id
    LEFT JOIN said ON said.candidate_id = c.id
    LEFT JOIN reachable ON reachable.candidate_id = c.id
    LEFT JOIN bought ON bought.candidate_id = c.id
    LEFT JOIN capped ON capped.candidate_id = c.id
    LEFT JOIN crowded ON crowded.candidate_id = c.id
    LEFT JOIN used_up ON used_up.candidate_id = c.id
    LEFT JOIN quiet ON quiet.time_zone = c.time_zone AND quiet.channel = c.channel
),
settled AS (
    SELECT judged.*,
           CASE WHEN reason = '' THEN 'queued'
                WHEN reason = 'quiet_hours' THEN 'deferred'
                WHEN reason IN ('frequency_cap', 'promotion_share', 'platform_quota')
                     AND expires_at IS NOT NULL AND is_closed IS NOT TRUE THEN 'deferred'
                ELSE 'suppressed' END AS state
    FROM judged
)
SELECT id, state, reason,
       CASE reason WHEN 'frequency_cap' THEN cap_detail WHEN 'promotion_share' THEN share_detail
           WHEN 'platform_quota' THEN quota_detail
           WHEN 'expired' THEN coalesce(waited_detail, '{}') || jsonb_build_object('waited_for', coalesce(waited_for, ''))
       END AS detail,
       CASE WHEN state <> 'deferred' THEN %(moment)s::timestamptz
            WHEN reason = 'quiet_hours' THEN least(until, expires_at)
            ELSE least(room_at, %(moment)s::timestamptz + interval '4 hours', expires_at) END AS due_at
FROM settled
