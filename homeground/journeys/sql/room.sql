-- What persons bear already, beside each limit that applies to them. Row: (root_id, limit, had): "cap:3" the promotions
-- that the third cap counts; "share:promotions" and "share:services" messages in the window of the share; "quota:wecom_mass"
-- mass messages by the platform's count on that channel.
-- Begins with borne.sql over `asked`, one row a person and channel. Params: those of borne.sql and guard.sql.
cap AS (
    SELECT * FROM unnest(%(cap_relations)s::text[], %(cap_channels)s::text[], %(cap_days)s::int[])
        WITH ORDINALITY AS given (relation, channel, days, number)
),
one AS (SELECT DISTINCT ON (root_id) candidate_id, root_id FROM asked WHERE is_promotion ORDER BY root_id, candidate_id)
SELECT one.root_id, 'cap:' || cap.number, count(*)
FROM one JOIN weighing w USING (candidate_id)
JOIN cap ON cap.relation = w.relation AND cap.channel IN (w.through, '*')
WHERE w.sent_at > %(moment)s::timestamptz - cap.days * interval '1 day'
GROUP BY one.root_id, cap.number
UNION ALL
SELECT one.root_id, CASE WHEN r.is_promotion THEN 'share:promotions' ELSE 'share:services' END, count(*)
FROM one JOIN recent r USING (candidate_id)
WHERE r.sent_at > %(moment)s::timestamptz - %(share_days)s * interval '1 day'
GROUP BY one.root_id, r.is_promotion
UNION ALL
SELECT DISTINCT asked.root_id, 'quota:' || mass.channel, mass.had
FROM mass JOIN asked USING (candidate_id)
