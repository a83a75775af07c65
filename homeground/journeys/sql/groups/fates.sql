-- Where each group of a campaign stands, what is placed by the platform's record of the send: (chat row, name, owner's
-- row and name, customers, state, reason, detail, sent_at, due_at), by name.
-- State: as in GroupState; of what is placed assigned (waits for the owner), delivered, failed, suppressed (withdrawn) or
-- unknown (nobody can tell yet). A group that its owner confirmed and the platform does not tell of was not sent to.
-- Params: campaign_id.
SELECT t.id, g.id, coalesce(nullif(g.name, ''), g.chat_id), owner.id, coalesce(nullif(owner.name, ''), owner.userid, ''),
       cardinality(t.customer_ids), fate.state,
       CASE WHEN t.state <> 'placed' THEN t.reason
            WHEN fate.state = 'suppressed' AND s.state = 'done' THEN 'not_confirmed'
            WHEN fate.state = 'suppressed' THEN 'cancelled'
            WHEN fate.state <> 'failed' THEN ''
            WHEN s.state = 'failed' OR r.status = -1 THEN 'refused'
            WHEN r.status = 3 THEN 'over_quota'
            ELSE 'not_sent' END,
       CASE WHEN fate.state = 'failed' AND s.state = 'failed' THEN jsonb_build_object('words', s.error) ELSE t.detail END,
       r.sent_at, t.due_at
FROM journeys_grouptouch t
JOIN wecom_groupchat g ON g.id = t.chat_id
LEFT JOIN wecom_masssend s ON s.key = t.key
LEFT JOIN wecom_masssendrecipient r ON r.mass_send_id = s.id AND r.recipient = g.chat_id
LEFT JOIN wecom_masssendtask task ON task.mass_send_id = s.id AND task.staff_id = r.staff_id
LEFT JOIN wecom_staff owner ON owner.id = coalesce(r.staff_id, g.owner_id)
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN t.state <> 'placed' THEN t.state
        WHEN s.id IS NULL THEN 'queued'
        WHEN s.state = 'failed' OR r.status = -1 THEN 'failed'
        WHEN r.status = 1 THEN 'delivered'
        WHEN s.state IN ('asking', 'unknown') THEN 'unknown'
        WHEN r.status IN (2, 3) THEN 'failed'
        WHEN s.state = 'placed' THEN 'assigned'
        WHEN task.confirmed_at IS NOT NULL THEN 'failed'
        ELSE 'suppressed'
    END AS state
) AS fate
WHERE t.campaign_id = %(campaign_id)s
ORDER BY 3, g.id
