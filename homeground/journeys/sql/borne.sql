-- What people bear already: common table expressions that guard.sql and room.sql begin with, after person.sql.
--   recent    what the person got, or may have got, in the longest window; what staff may confirm any moment, now;
--   restored  when the person last replied or bought, if that restores;
--   weighing  the recent promotions that caps count: those since then, and the fresh ones;
--   mass      how many mass messages count for the platform's quota: delivered in the period, or waiting for staff.
-- Params: moment timestamptz; longest_days int (of all windows); by_reply, by_purchase boolean, fresh_hours int;
-- quota_channels text[], quota_most int[], quota_from timestamptz[], quota_until timestamptz[], quota_modes text[] (how
-- many mass messages the platform lets through on this channel from when until when).
recent AS (
    SELECT p.candidate_id, p.relation, p.channel, t.channel AS through, t.is_promotion, t.answered_at,
           CASE t.state WHEN 'assigned' THEN %(moment)s::timestamptz ELSE t.sent_at END AS sent_at
    FROM person p JOIN journeys_touch t ON t.customer_id = p.customer_id
    WHERE p.is_promotion
      AND (t.state = 'assigned' OR (t.sent_at > %(moment)s::timestamptz - %(longest_days)s * interval '1 day'
           AND t.state IN ('sending', 'sent', 'delivered', 'opened', 'clicked', 'unknown')))
),
pressed AS (SELECT DISTINCT candidate_id FROM recent WHERE is_promotion AND (%(by_reply)s OR %(by_purchase)s)),
restored AS (
    SELECT candidate_id, max(at) AS at
    FROM (
        SELECT candidate_id, answered_at AS at FROM recent WHERE %(by_reply)s AND answered_at IS NOT NULL
        UNION ALL
        SELECT p.candidate_id, talk.heard_at
        FROM pressed JOIN person p USING (candidate_id)
        JOIN wecom_externalcontact contact ON contact.customer_id = p.customer_id
        JOIN service_lasttalk talk ON talk.contact_id = contact.id
        WHERE %(by_reply)s
        UNION ALL
        SELECT p.candidate_id, o.paid_at
        FROM pressed JOIN person p USING (candidate_id)
        JOIN commerce_order o ON o.customer_id = p.customer_id AND o.kind = 'sale'
        WHERE %(by_purchase)s AND o.paid_at > %(moment)s::timestamptz - %(longest_days)s * interval '1 day'
    ) AS sign
    WHERE at <= %(moment)s::timestamptz
    GROUP BY candidate_id
),
weighing AS MATERIALIZED (  -- Else planned together with caps, for one row: rows times rows.
    SELECT r.*
    FROM recent r LEFT JOIN restored USING (candidate_id)
    WHERE r.is_promotion AND (restored.at IS NULL OR r.sent_at > restored.at
                              OR r.sent_at > %(moment)s::timestamptz - %(fresh_hours)s * interval '1 hour')
),
quota AS (
    SELECT * FROM unnest(%(quota_channels)s::text[], %(quota_most)s::int[], %(quota_from)s::timestamptz[],
                         %(quota_until)s::timestamptz[], %(quota_modes)s::text[])
        AS given (channel, most, starts, ends, mode)
),
mass AS (
    SELECT p.candidate_id, quota.channel, quota.most, quota.mode, quota.ends, count(*) AS had
    FROM person p
    JOIN quota ON quota.channel = p.channel
    JOIN wecom_externalcontact contact ON contact.customer_id = p.customer_id
    JOIN wecom_masssendrecipient r ON r.recipient = contact.external_userid AND r.status IN (0, 1)
    JOIN wecom_masssend s ON s.id = r.mass_send_id
    WHERE (r.status = 1 AND r.sent_at >= quota.starts AND r.sent_at < quota.ends)
       OR (r.status = 0 AND s.state IN ('asking', 'placed', 'unknown'))
    GROUP BY p.candidate_id, quota.channel, quota.most, quota.mode, quota.ends
)
