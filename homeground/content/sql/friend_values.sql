-- What a friend is worth (M55): one row an active member of staff with friends. paid: what the persons who are friends
-- now paid less what they got back, in [since, until), minor units of the currency. A person who is the friend of two
-- members counts with each; so rows do not add up. Dearest first.
-- Params: since, until timestamptz; currency text.
WITH friend AS (
    SELECT DISTINCT follow.staff_id, coalesce(customer.merged_into_id, customer.id) AS root_id
    FROM wecom_follow AS follow
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE follow.ended_at IS NULL AND NOT follow.is_pending
),
money AS (
    SELECT coalesce(customer.merged_into_id, customer.id) AS root_id, orders.amount_minor
    FROM commerce_order AS orders JOIN people_customer AS customer ON customer.id = orders.customer_id
    WHERE orders.kind = 'sale' AND orders.currency = %(currency)s
      AND orders.paid_at >= %(since)s AND orders.paid_at < %(until)s
    UNION ALL
    SELECT coalesce(customer.merged_into_id, customer.id), -refund.amount_minor
    FROM commerce_refund AS refund JOIN people_customer AS customer ON customer.id = refund.customer_id
    WHERE refund.currency = %(currency)s AND refund.refunded_at >= %(since)s AND refund.refunded_at < %(until)s
),
net AS (SELECT root_id, sum(amount_minor) AS paid FROM money GROUP BY root_id)
SELECT staff.id, coalesce(nullif(staff.name, ''), staff.userid) AS name, count(*) AS friends,
       count(net.root_id) AS buyers, coalesce(sum(net.paid), 0)::bigint AS paid
FROM friend
JOIN wecom_staff AS staff ON staff.id = friend.staff_id AND staff.is_active
LEFT JOIN net ON net.root_id = friend.root_id
GROUP BY staff.id
ORDER BY coalesce(sum(net.paid), 0)::numeric / count(*) DESC, staff.id
