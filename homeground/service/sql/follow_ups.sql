-- Follow-ups (M35): a task for each friend whose interval is over, given to the member who serves them. The interval is
-- the customer's own, else of the first rule that fits; it runs from the latest talk, care, skipped follow-up or adding.
-- Params: on date, at timestamptz, zone text. Nobody has two that are open; the same due day is given once.
WITH friend AS (
    SELECT coalesce(customer.merged_into_id, customer.id) AS customer_id, follow.staff_id, follow.began_at, follow.id,
           greatest(talk.heard_at, talk.spoke_at, talk.cared_at, follow.began_at) AS last_at
    FROM wecom_follow AS follow
    JOIN wecom_staff AS staff ON staff.id = follow.staff_id AND staff.is_active
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    JOIN people_customer AS customer ON customer.id = contact.customer_id
    LEFT JOIN service_lasttalk AS talk ON talk.staff_id = follow.staff_id AND talk.contact_id = follow.contact_id
    WHERE follow.ended_at IS NULL AND NOT follow.is_pending
), served AS (
    SELECT DISTINCT ON (customer_id) customer_id, staff_id, max(last_at) OVER (PARTITION BY customer_id) AS last_at
    FROM friend
    ORDER BY customer_id, friend.last_at DESC, friend.began_at DESC, friend.id DESC
), fitting AS (
    SELECT own.customer_id AS id, -1 AS rank, own.id AS rule_id, own.days FROM service_owninterval AS own
    UNION ALL
    SELECT put.customer_id, rule.rank, rule.id, rule.days
    FROM service_followuprule AS rule
    JOIN people_tag AS tag ON rule.basis = 'tag' AND tag.name = rule.value
    JOIN people_customertag AS put ON put.tag_id = tag.id AND (put.expires_at IS NULL OR put.expires_at > %(at)s)
    UNION ALL
    SELECT said.customer_id, rule.rank, rule.id, rule.days
    FROM service_followuprule AS rule
    JOIN people_attribute AS attribute ON rule.basis = 'attribute' AND attribute.key = rule.key
    JOIN people_attributevalue AS said ON said.attribute_id = attribute.id AND said.value = rule.value
    UNION ALL
    SELECT customer.id, rule.rank, rule.id, rule.days
    FROM service_followuprule AS rule
    JOIN people_customer AS customer
      ON rule.basis = 'everybody' OR (rule.basis = 'relation' AND customer.relation = rule.value)
    WHERE customer.merged_into_id IS NULL
), chosen AS (
    SELECT DISTINCT ON (person.root) person.root AS customer_id, fitting.days
    FROM fitting
    JOIN LATERAL (
        SELECT coalesce(customer.merged_into_id, customer.id) AS root
        FROM people_customer AS customer WHERE customer.id = fitting.id
    ) AS person ON true
    ORDER BY person.root, fitting.rank, fitting.rule_id
), skipped AS (
    SELECT customer_id, max(closed_at) AS at
    FROM service_task WHERE kind = 'follow_up' AND state = 'skipped' GROUP BY customer_id
), due AS (
    SELECT served.customer_id, served.staff_id,
           (greatest(served.last_at, skipped.at) AT TIME ZONE %(zone)s)::date + chosen.days AS due_on
    FROM served
    JOIN chosen ON chosen.customer_id = served.customer_id AND chosen.days > 0
    LEFT JOIN skipped ON skipped.customer_id = served.customer_id
)
INSERT INTO service_task (
    key, kind, staff_id, customer_id, title, instructions, suggestion, due_on, state, reason, assigned_by, closed_by
)
SELECT 'follow_up:' || due.customer_id || ':' || due.due_on, 'follow_up', due.staff_id, due.customer_id,
       '', '', '', due.due_on, 'open', '', '', ''
FROM due
WHERE due.due_on <= %(on)s
ORDER BY due.due_on, due.customer_id
ON CONFLICT DO NOTHING
