-- The walks of these whose newest message of a node came so far.
-- Params: ids bigint[] of enrolments; node; was (sent, delivered, opened, clicked, answered).
SELECT newest.enrolment_id
FROM (
    SELECT DISTINCT ON (t.enrolment_id) t.*
    FROM journeys_touch t JOIN journeys_campaign c ON c.id = t.campaign_id AND c.node = %(node)s
    WHERE t.enrolment_id = ANY(%(ids)s::bigint[])
    ORDER BY t.enrolment_id, t.step DESC
) AS newest
WHERE CASE %(was)s
    WHEN 'sent' THEN newest.state IN ('sent', 'delivered', 'opened', 'clicked')
    WHEN 'delivered' THEN newest.delivered_at IS NOT NULL
    WHEN 'opened' THEN newest.opened_at IS NOT NULL
    WHEN 'clicked' THEN newest.clicked_at IS NOT NULL
    WHEN 'answered' THEN newest.answered_at IS NOT NULL
END
