-- Who left a campaign's groups, by themselves or removed: (whether the groups were held out, members from outside who
-- were in at the freeze, of them gone by the end). A person counts once for each group. Params: campaign_id;
-- frozen_at, until timestamptz.
SELECT t.state = 'held_out', count(*), count(*) FILTER (WHERE m.left_at <= %(until)s)
FROM journeys_grouptouch t
JOIN wecom_groupmember m ON m.chat_id = t.chat_id AND m.is_external
WHERE t.campaign_id = %(campaign_id)s
  AND m.joined_at <= %(frozen_at)s AND (m.left_at IS NULL OR m.left_at > %(frozen_at)s)
GROUP BY 1
