-- Who bought, of the friends that a member, a department or the brand had: one row each for (level, staff, department,
-- week). level: staff, team, brand; week null: the whole span. friends: persons who were a friend at any time of the
-- span; buyers: those of them with a sale in the week (or span) while they were a friend. A person with two members
-- counts with each of them and once for team and brand.
-- Params: since, until timestamptz; zone text.
WITH friend AS MATERIALIZED (
    SELECT follow.staff_id, staff.department, COALESCE(customer.merged_into_id, customer.id) AS person,
           follow.began_at, follow.ended_at
    FROM wecom_follow AS follow
    JOIN wecom_staff AS staff ON staff.id = follow.staff_id
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE NOT follow.is_pending AND follow.began_at < %(until)s
        AND (follow.ended_at IS NULL OR follow.ended_at >= %(since)s)
), bought AS (
    SELECT DISTINCT friend.staff_id, friend.department, friend.person,
           date_trunc('week', sale.paid_at AT TIME ZONE %(zone)s)::date AS week
    FROM commerce_order AS sale
    JOIN people_customer AS buyer ON buyer.id = sale.customer_id
    JOIN friend ON friend.person = COALESCE(buyer.merged_into_id, buyer.id)
        AND friend.began_at <= sale.paid_at AND (friend.ended_at IS NULL OR friend.ended_at >= sale.paid_at)
    WHERE sale.kind = 'sale' AND sale.paid_at >= %(since)s AND sale.paid_at < %(until)s
)
SELECT CASE GROUPING(staff_id, department) WHEN 1 THEN 'staff' WHEN 2 THEN 'team' ELSE 'brand' END AS level,
       staff_id, department, NULL::date AS week, count(DISTINCT person) AS friends, 0 AS buyers
FROM friend GROUP BY GROUPING SETS ((staff_id), (department), ())
UNION ALL
SELECT CASE GROUPING(staff_id, department) WHEN 1 THEN 'staff' WHEN 2 THEN 'team' ELSE 'brand' END,
       staff_id, department, week, 0, count(DISTINCT person)
FROM bought
GROUP BY GROUPING SETS ((staff_id, week), (department, week), (week), (staff_id), (department), ())
