-- Persons (survivors) with a friend on our side who never decided about promotions on WeCom, nor about all channels.
-- Params: most; null: all.
SELECT DISTINCT coalesce(customer.merged_into_id, customer.id) AS person
FROM wecom_follow AS follow
JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
JOIN people_customer AS customer ON customer.id = contact.customer_id
WHERE follow.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM people_consent AS said
    JOIN people_customer AS whose ON whose.id = said.customer_id
    WHERE coalesce(whose.merged_into_id, whose.id) = coalesce(customer.merged_into_id, customer.id)
        AND said.purpose = 'promotion' AND said.channel IN ('wecom', '*')
)
LIMIT %(most)s
