-- Keys of a campaign's sends to groups that are not there: whoever stored them died before asking.
-- Params: campaign_id.
SELECT DISTINCT t.key
FROM journeys_grouptouch t
WHERE t.campaign_id = %(campaign_id)s AND t.key <> ''
  AND NOT EXISTS (SELECT FROM wecom_masssend s WHERE s.key = t.key)
ORDER BY t.key
