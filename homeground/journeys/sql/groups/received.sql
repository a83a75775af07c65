-- How many groups campaigns to groups were delivered to: (campaign, groups). Params: campaign_ids bigint[].
SELECT c.id, count(r.id)
FROM journeys_campaign c
LEFT JOIN wecom_masssend s ON s.campaign_id = c.id AND s.is_group
LEFT JOIN wecom_masssendrecipient r ON r.mass_send_id = s.id AND r.status = 1
WHERE c.id = ANY(%(campaign_ids)s) AND c.groups IS NOT NULL
GROUP BY c.id
