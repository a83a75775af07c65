-- The contacts of one handover with the first rule that fits each, numbered within their rule: a table of the
-- transaction, handover_candidate (contact_id, position, n). Whom no rule fits is left out.
-- Params: handover, giver bigint; contacts text[] (external_userids that the platform lists; null: the open follows of
-- the giver); at timestamptz.
CREATE TEMPORARY TABLE handover_candidate ON COMMIT DROP AS
SELECT mine.id AS contact_id, rule.position, row_number() OVER (PARTITION BY rule.position ORDER BY mine.id) AS n
FROM (
    SELECT contact.id, COALESCE(customer.merged_into_id, customer.id) AS root
    FROM wecom_externalcontact AS contact
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    WHERE CASE WHEN %(contacts)s::text[] IS NULL
        THEN contact.id IN (SELECT contact_id FROM wecom_follow WHERE staff_id = %(giver)s AND ended_at IS NULL)
        ELSE contact.external_userid = ANY(%(contacts)s::text[]) END
) AS mine
CROSS JOIN LATERAL (
    SELECT rule.position
    FROM service_handoverrule AS rule
    WHERE rule.handover_id = %(handover)s AND CASE rule.basis
        WHEN 'rest' THEN true
        WHEN 'tag' THEN EXISTS (
            SELECT FROM people_customertag AS put
            WHERE put.tag_id = rule.tag_id AND (put.expires_at IS NULL OR put.expires_at > %(at)s)
                AND put.customer_id IN (
                    SELECT mine.root UNION ALL
                    SELECT absorbed.id FROM people_customer AS absorbed WHERE absorbed.merged_into_id = mine.root)
        )
        ELSE EXISTS (
            SELECT FROM commerce_order AS bought
            WHERE bought.kind = 'sale' AND bought.paid_at <= %(at)s
                AND bought.paid_at > %(at)s - make_interval(days => rule.days)
                AND bought.customer_id IN (
                    SELECT mine.root UNION ALL
                    SELECT absorbed.id FROM people_customer AS absorbed WHERE absorbed.merged_into_id = mine.root)
        ) END
    ORDER BY rule.position
    LIMIT 1
) AS rule
