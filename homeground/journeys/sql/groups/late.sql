-- Cancelled campaigns to groups of which something is still under way: not asked for yet, or placed for owners to confirm.
SELECT DISTINCT t.campaign_id
FROM journeys_grouptouch t
JOIN journeys_campaign c ON c.id = t.campaign_id AND c.state = 'cancelled'
LEFT JOIN wecom_masssend s ON s.key = t.key
WHERE t.key <> '' AND (s.id IS NULL OR s.state = 'placed')
