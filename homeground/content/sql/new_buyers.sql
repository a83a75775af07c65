-- Persons on WeCom whose first order was paid in [since, until), newest first. Params: since, until timestamptz; most int.
SELECT person.root_id
FROM (
    SELECT DISTINCT coalesce(customer.merged_into_id, customer.id) AS root_id
    FROM wecom_externalcontact AS contact JOIN people_customer AS customer ON customer.id = contact.customer_id
) AS person
JOIN LATERAL (
    SELECT min(orders.paid_at) AS first_at
    FROM people_customer AS member
    JOIN commerce_order AS orders ON orders.customer_id = member.id AND orders.kind = 'sale'
    WHERE member.id = person.root_id OR member.merged_into_id = person.root_id
) AS bought ON true
WHERE bought.first_at >= %(since)s AND bought.first_at < %(until)s
ORDER BY bought.first_at DESC, person.root_id DESC
LIMIT %(most)s
