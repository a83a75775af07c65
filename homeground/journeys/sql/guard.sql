-- The guard: what happens to each candidate touch of one campaign at one moment. One row a candidate, none lost:
-- (customer_id, channel, state queued | deferred | suppressed, reason, detail, due_at).
--
-- The first reason in this order counts, so that every person left out is counted once:
--   same_person      else one person would get it twice, or the holdout would be touched under another id;
--   opted_out        the law, and the person's own word, come before anything we may want;
--   no_consent       nobody was asked: permission is missing (promotions only);
--   no_address       there is no way to reach them, whatever the rest says;
--   no_need          they could be reached, but the script does not fit them;
--   already_bought   the campaign's purpose is fulfilled since the freeze (promotions only);
--   frequency_cap    it would fit, but they bear no more this week (promotions only);
--   promotion_share  the same, by what share of all we send is promotion (promotions only);
--   platform_quota   we would send it, but the platform lets no more mass messages through to them in this period;
--   quiet_hours      last, because it only delays: the touch comes back when the window ends.
--
-- A person is a survivor with all customers merged into it: consents, addresses, orders and touches of all count.
-- Of consents to one purpose on this channel or "*", the newest counts; of two at one moment, the withdrawal.
--
-- Reads the temporary table guard_candidate (customer_id, root_id, channel, relation, time_zone, has_need).
-- Params: campaign_id; moment timestamptz (when it would go out); since timestamptz or null (frozen at); is_promotion;
-- purpose; address_channels text[], address_kinds text[] (pairs: this channel takes this kind of identity);
-- cap_relations text[], cap_channels text[], cap_days int[], cap_most int[]; share_bp, share_days, share_from int;
-- quiet_zones text[], quiet_channels text[], quiet_until timestamptz[] (where it is quiet at the moment, and how long);
-- longest_days int (of all windows); friend_channels text[] (they reach by an open WeCom follow, not by an identity);
-- consent_channels text[], consent_slugs text[] (pairs: what was said about this slug counts for this channel too);
-- quota_channels text[], quota_most int[], quota_from timestamptz[], quota_until timestamptz[], quota_modes text[] (how
-- many mass messages the platform lets through on this channel from when until when).
WITH person AS (
    SELECT customer_id AS candidate_id, root_id AS customer_id, channel, relation FROM guard_candidate
    UNION ALL
    SELECT c.customer_id, absorbed.id, c.channel, c.relation
    FROM guard_candidate c JOIN people_customer absorbed ON absorbed.merged_into_id = c.root_id
),
twice AS (  -- Another id of the person is held out, was touched, or comes first (the survivor, then the oldest).
    SELECT DISTINCT c.customer_id AS candidate_id
    FROM guard_candidate c
    JOIN person mate ON mate.candidate_id = c.customer_id AND mate.customer_id <> c.customer_id
    JOIN journeys_participant p ON p.campaign_id = %(campaign_id)s AND p.customer_id = mate.customer_id
    LEFT JOIN journeys_touch t ON t.campaign_id = p.campaign_id AND t.customer_id = p.customer_id
    WHERE p.arm <> 'treated'
       OR t.state NOT IN ('queued', 'deferred', 'suppressed')
       OR (t.state <> 'suppressed'
           AND (p.customer_id = c.root_id OR (c.customer_id <> c.root_id AND p.customer_id < c.customer_id)))
),
said AS (
    SELECT p.candidate_id,
           max(k.decided_at) FILTER (WHERE k.is_granted) AS granted_at,
           max(k.decided_at) FILTER (WHERE NOT k.is_granted) AS withdrawn_at
    FROM person p
    JOIN people_consent k ON k.customer_id = p.customer_id AND k.purpose = %(purpose)s 
        AND (k.channel IN (p.channel, '*') OR (p.channel, k.channel) IN (
            SELECT * FROM unnest(%(consent_channels)s::text[], %(consent_slugs)s::text[])))
    GROUP BY p.candidate_id
),
reachable AS (
    SELECT DISTINCT p.candidate_id
    FROM person p
    JOIN people_identity i ON i.customer_id = p.customer_id
    JOIN unnest(%(address_channels)s::text[], %(address_kinds)s::text[]) AS takes (channel, kind)
      ON takes.channel = p.channel AND takes.kind = i.kind
    UNION
    SELECT p.candidate_id
    FROM person p
    JOIN wecom_externalcontact contact ON contact.customer_id = p.customer_id
    JOIN wecom_follow follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
    JOIN wecom_staff staff ON staff.id = follow.staff_id AND staff.is_active
    WHERE p.channel = ANY(%(friend_channels)s::text[])
),
bought AS (
    SELECT DISTINCT p.candidate_id
    FROM person p JOIN commerce_order o ON o.customer_id = p.customer_id
    WHERE o.kind = 'sale' AND o.paid_at > %(since)s::timestamptz AND o.paid_at <= %(moment)s::timestamptz
),
recent AS (  -- What the person got, or may have got, in the longest window; what staff may confirm any moment, now.
    SELECT p.candidate_id, p.relation, p.channel, t.channel AS through, t.is_promotion,
           CASE t.state WHEN 'assigned' THEN %(moment)s::timestamptz ELSE t.sent_at END AS sent_at
    FROM person p JOIN journeys_touch t ON t.customer_id = p.customer_id
    WHERE t.state = 'assigned' OR (t.sent_at > %(moment)s::timestamptz - %(longest_days)s * interval '1 day'
      AND t.state IN ('sending', 'sent', 'delivered', 'opened', 'clicked', 'unknown'))
),
cap AS (
    SELECT * FROM unnest(%(cap_relations)s::text[], %(cap_channels)s::text[], %(cap_days)s::int[], %(cap_most)s::int[])
        AS given (relation, channel, days, most)
    WHERE %(is_promotion)s
),
full_cap AS (
    SELECT c.customer_id AS candidate_id, cap.*, 0 AS had
    FROM guard_candidate c JOIN cap ON cap.relation = c.relation AND cap.channel IN (c.channel, '*')
    WHERE cap.most = 0
    UNION ALL
    SELECT r.candidate_id, cap.*, count(*)
    FROM recent r
    JOIN cap ON cap.relation = r.relation AND cap.channel IN (r.channel, '*') AND cap.channel IN (r.through, '*')
    WHERE r.is_promotion AND r.sent_at > %(moment)s::timestamptz - cap.days * interval '1 day'
    GROUP BY r.candidate_id, cap.relation, cap.channel, cap.days, cap.most
    HAVING count(*) >= cap.most AND cap.most > 0
),
capped AS (  -- The shortest window that is full.
    SELECT DISTINCT ON (candidate_id) candidate_id,
           jsonb_build_object('had', had, 'most', most, 'days', days, 'channel', channel) AS detail
    FROM full_cap ORDER BY candidate_id, days, channel
),
crowded AS (
    SELECT candidate_id,
           jsonb_build_object('promotions', count(*) FILTER (WHERE is_promotion), 'touches', count(*),
                              'days', %(share_days)s, 'share_bp', %(share_bp)s) AS detail
    FROM recent
    WHERE %(is_promotion)s AND sent_at > %(moment)s::timestamptz - %(share_days)s * interval '1 day'
    GROUP BY candidate_id
    HAVING count(*) + 1 >= %(share_from)s
       AND (count(*) FILTER (WHERE is_promotion) + 1) * 10000 > %(share_bp)s * (count(*) + 1)
),
quota AS (
    SELECT * FROM unnest(%(quota_channels)s::text[], %(quota_most)s::int[], %(quota_from)s::timestamptz[],
                         %(quota_until)s::timestamptz[], %(quota_modes)s::text[])
        AS given (channel, most, starts, ends, mode)
),
used_up AS (  -- Delivered in the period, and what waits for staff: by the corp or by members themselves.
    SELECT p.candidate_id, jsonb_build_object('had', count(*), 'most', quota.most, 'mode', quota.mode) AS detail
    FROM person p
    JOIN quota ON quota.channel = p.channel
    JOIN wecom_externalcontact contact ON contact.customer_id = p.customer_id
    JOIN wecom_masssendrecipient r ON r.recipient = contact.external_userid AND r.status IN (0, 1)
    JOIN wecom_masssend s ON s.id = r.mass_send_id
    WHERE (r.status = 1 AND r.sent_at >= quota.starts AND r.sent_at < quota.ends)
       OR (r.status = 0 AND s.state IN ('asking', 'placed', 'unknown'))
    GROUP BY p.candidate_id, quota.most, quota.mode
    HAVING count(*) >= quota.most
),
quiet AS (
    SELECT * FROM unnest(%(quiet_zones)s::text[], %(quiet_channels)s::text[], %(quiet_until)s::timestamptz[])
        AS given (time_zone, channel, until)
),
judged AS (
    SELECT c.customer_id, c.channel, capped.detail AS cap_detail, crowded.detail AS share_detail,
           used_up.detail AS quota_detail, quiet.until,
           CASE
               WHEN twice.candidate_id IS NOT NULL THEN 'same_person'
               WHEN said.withdrawn_at >= coalesce(said.granted_at, said.withdrawn_at) THEN 'opted_out'
               WHEN %(is_promotion)s AND said.granted_at IS NULL THEN 'no_consent'
               WHEN reachable.candidate_id IS NULL THEN 'no_address'
               WHEN NOT c.has_need THEN 'no_need'
               WHEN %(is_promotion)s AND bought.candidate_id IS NOT NULL THEN 'already_bought'
               WHEN capped.candidate_id IS NOT NULL THEN 'frequency_cap'
               WHEN crowded.candidate_id IS NOT NULL THEN 'promotion_share'
               WHEN used_up.candidate_id IS NOT NULL THEN 'platform_quota'
           END AS suppression
    FROM guard_candidate c
    LEFT JOIN twice ON twice.candidate_id = c.customer_id
    LEFT JOIN said ON said.candidate_id = c.customer_id
    LEFT JOIN reachable ON reachable.candidate_id = c.customer_id
    LEFT JOIN bought ON bought.candidate_id = c.customer_id
    LEFT JOIN capped ON capped.candidate_id = c.customer_id
    LEFT JOIN crowded ON crowded.candidate_id = c.customer_id
    LEFT JOIN used_up ON used_up.candidate_id = c.customer_id
    LEFT JOIN quiet ON quiet.time_zone = c.time_zone AND quiet.channel = c.channel
)
SELECT customer_id, channel,
       CASE WHEN suppression IS NOT NULL THEN 'suppressed' WHEN until IS NOT NULL THEN 'deferred' ELSE 'queued' END
           AS state,
       coalesce(suppression, CASE WHEN until IS NOT NULL THEN 'quiet_hours' ELSE '' END) AS reason,
       CASE suppression WHEN 'frequency_cap' THEN cap_detail WHEN 'promotion_share' THEN share_detail
           WHEN 'platform_quota' THEN quota_detail END AS detail,
       CASE WHEN suppression IS NULL AND until IS NOT NULL THEN until ELSE %(moment)s::timestamptz END AS due_at
FROM judged
