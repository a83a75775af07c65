-- The touches that would go out, taken each for itself, of persons who would get several: those who contend. Service
-- messages come first, then what is more urgent, is worth more, waits longer. Row: (id, root_id, campaign_id, channel,
-- is_promotion, relation), persons one after another, each from the first rank to the last.
SELECT * FROM (
    SELECT c.id, c.root_id, c.campaign_id, c.channel, c.is_promotion, c.relation,
           row_number() OVER (PARTITION BY c.root_id ORDER BY c.is_promotion, g.urgency DESC, g.value_minor DESC,
                              c.waits_from, c.id) AS place,
           count(*) OVER (PARTITION BY c.root_id) AS several
    FROM guard_verdict v
    JOIN guard_candidate c ON c.id = v.id
    JOIN journeys_campaign g ON g.id = c.campaign_id
    WHERE v.state = 'queued'
) AS ranked
WHERE several > 1
ORDER BY root_id, place
