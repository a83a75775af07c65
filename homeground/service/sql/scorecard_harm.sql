-- Harm beside conversion (M2): of the friends that a member, a department or the brand had, who complained and who refused
-- promotions on WeCom in the span while they were a friend. One row each for (level, staff, department). level: staff, team,
-- brand. Persons: one with two members counts with each of them and once for team and brand.
-- Params: since, until timestamptz.
WITH friend AS MATERIALIZED (
    SELECT follow.staff_id, staff.department, COALESCE(customer.merged_into_id, customer.id) AS person,
           follow.began_at, follow.ended_at
    FROM wecom_follow AS follow
    JOIN wecom_staff AS staff ON staff.id = follow.staff_id
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE NOT follow.is_pending AND follow.began_at < %(until)s
        AND (follow.ended_at IS NULL OR follow.ended_at >= %(since)s)
), harm AS (
    SELECT COALESCE(customer.merged_into_id, customer.id) AS person, told.is_complaint, told.at
    FROM (
        SELECT customer_id, true AS is_complaint, opened_at AS at FROM service_ticket WHERE is_complaint
        UNION ALL
        SELECT customer_id, false, decided_at FROM people_consent
        WHERE channel = 'wecom' AND purpose = 'promotion' AND NOT is_granted
    ) AS told
    JOIN people_customer AS customer ON customer.id = told.customer_id
    WHERE told.at >= %(since)s AND told.at < %(until)s
)
SELECT CASE GROUPING(staff_id, department) WHEN 1 THEN 'staff' WHEN 2 THEN 'team' ELSE 'brand' END AS level,
       staff_id, department, count(DISTINCT person) FILTER (WHERE is_complaint) AS complained,
       count(DISTINCT person) FILTER (WHERE NOT is_complaint) AS refused
FROM friend JOIN harm USING (person)
WHERE harm.at >= friend.began_at AND (friend.ended_at IS NULL OR friend.ended_at >= harm.at)
GROUP BY GROUPING SETS ((staff_id), (department), ())
