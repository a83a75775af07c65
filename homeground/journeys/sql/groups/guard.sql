-- What a message may do with each of these groups at a moment: (chat row, reason, detail); reason empty: it may go out.
-- Reasons in the order of GroupReason. Caps and share count what we sent to the group or may still, the platform's quota
-- what anybody did.
-- Params: chats bigint[] (of wecom_groupchat); moment timestamptz; is_promotion boolean; cap_days, cap_most int,
-- share_bp, share_from int (all null: no limit); quota_most int, quota_from, quota_until timestamptz (null: none).
WITH asked AS (SELECT * FROM wecom_groupchat WHERE id = ANY(%(chats)s::bigint[])),
mass AS (
    SELECT asked.id, count(*) AS had
    FROM asked
    JOIN wecom_masssendrecipient r ON r.recipient = asked.chat_id AND r.status IN (0, 1)
    JOIN wecom_masssend s ON s.id = r.mass_send_id
    WHERE (r.status = 1 AND r.sent_at >= %(quota_from)s::timestamptz AND r.sent_at < %(quota_until)s::timestamptz)
       OR (r.status = 0 AND s.state IN ('asking', 'placed', 'unknown'))
    GROUP BY asked.id
),
ours AS (
    SELECT asked.id, count(*) AS sends, count(*) FILTER (WHERE c.is_promotion) AS promotions
    FROM asked
    JOIN journeys_grouptouch t ON t.chat_id = asked.id AND t.state = 'placed'
    JOIN journeys_campaign c ON c.id = t.campaign_id
    LEFT JOIN wecom_masssend s ON s.key = t.key
    LEFT JOIN wecom_masssendrecipient r ON r.mass_send_id = s.id AND r.recipient = asked.chat_id
    WHERE s.id IS NULL  -- Under way: its process is just asking, or died.
       OR r.status = 0 AND s.state IN ('asking', 'placed', 'unknown')
       OR r.status = 1 AND r.sent_at > %(moment)s::timestamptz - %(cap_days)s * interval '1 day'
    GROUP BY asked.id
),
judged AS (
    SELECT asked.id, mass.had, coalesce(ours.sends, 0) AS sends, coalesce(ours.promotions, 0) AS promotions,
           CASE
               WHEN asked.dismissed_at IS NOT NULL THEN 'dismissed'
               WHEN owner.is_active IS NOT TRUE THEN 'no_owner'
               WHEN %(is_promotion)s AND coalesce(ours.promotions, 0) >= %(cap_most)s THEN 'group_cap'
               WHEN %(is_promotion)s AND ours.sends + 1 >= %(share_from)s
                    AND (ours.promotions + 1) * 10000 > %(share_bp)s * (ours.sends + 1) THEN 'group_share'
               WHEN mass.had >= %(quota_most)s THEN 'platform_quota'
               ELSE ''
           END AS reason
    FROM asked
    LEFT JOIN wecom_staff owner ON owner.id = asked.owner_id
    LEFT JOIN ours ON ours.id = asked.id
    LEFT JOIN mass ON mass.id = asked.id
)
SELECT id, reason, CASE reason
    WHEN 'group_cap' THEN jsonb_build_object('had', promotions, 'most', %(cap_most)s::int, 'days', %(cap_days)s::int)
    WHEN 'group_share' THEN jsonb_build_object('promotions', promotions, 'sends', sends, 'days', %(cap_days)s::int,
                                               'share_bp', %(share_bp)s::int)
    WHEN 'platform_quota' THEN jsonb_build_object('had', had, 'most', %(quota_most)s::int)
END
FROM judged ORDER BY id
