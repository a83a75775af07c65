-- What came of a campaign's touches by member of staff: (staff_id, answered, ordered), customers.
-- answered: they wrote, liked or commented soon after; ordered: a sale after the delivery and within the window.
-- Params: campaign_id; until timestamptz (where the window ends).
WITH place AS (
    SELECT r.touch_id, r.staff_id FROM wecom_masssendrecipient r
    JOIN wecom_masssend s ON s.id = r.mass_send_id AND s.campaign_id = %(campaign_id)s
    WHERE r.status = 1 AND r.touch_id IS NOT NULL
    UNION
    SELECT v.touch_id, p.staff_id FROM wecom_momentviewer v
    JOIN wecom_momentpost p ON p.id = v.post_id
    JOIN wecom_moment m ON m.id = p.moment_id AND m.campaign_id = %(campaign_id)s
    WHERE v.touch_id IS NOT NULL
),
delivered AS (
    SELECT place.staff_id, t.id, t.delivered_at, t.answered_at, coalesce(c.merged_into_id, c.id) AS root_id
    FROM place
    JOIN journeys_touch t ON t.id = place.touch_id AND t.delivered_at IS NOT NULL
    JOIN people_customer c ON c.id = t.customer_id
),
buyer AS (
    SELECT DISTINCT d.id
    FROM delivered d
    JOIN people_customer person ON person.id = d.root_id OR person.merged_into_id = d.root_id
    JOIN commerce_order o ON o.customer_id = person.id
    WHERE o.kind = 'sale' AND o.paid_at > d.delivered_at AND o.paid_at <= %(until)s
)
SELECT d.staff_id, count(d.answered_at), count(buyer.id)
FROM delivered d LEFT JOIN buyer ON buyer.id = d.id
GROUP BY d.staff_id
