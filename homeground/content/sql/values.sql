-- What places show of each customer, over all their merged identities' rows: one row a customer asked for.
-- Params: customer_ids bigint[] (survivors), currency text (the brand's), keys text[] (attributes wanted).
-- Days are made from the moments by the caller. Money is the currency's minor unit, refunds taken off.
WITH person AS (
    SELECT id AS root_id, id AS customer_id FROM unnest(%(customer_ids)s::bigint[]) AS id
    UNION ALL
    SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(customer_ids)s)
),
orders AS (
    SELECT p.root_id, min(o.paid_at) AS first_at, max(o.paid_at) AS last_at, count(*) AS orders,
           coalesce(sum(o.amount_minor) FILTER (WHERE o.currency = %(currency)s), 0) AS spent
    FROM person p JOIN commerce_order o ON o.customer_id = p.customer_id AND o.kind = 'sale'
    GROUP BY p.root_id
),
refunds AS (
    SELECT p.root_id, sum(r.amount_minor) AS refunded
    FROM person p JOIN commerce_refund r ON r.customer_id = p.customer_id AND r.currency = %(currency)s
    GROUP BY p.root_id
),
attributes AS (  -- The newest saying of the person's rows.
    SELECT root_id, jsonb_object_agg(key, value) AS said
    FROM (
        SELECT DISTINCT ON (p.root_id, a.key) p.root_id, a.key, v.value
        FROM person p
        JOIN people_attributevalue v ON v.customer_id = p.customer_id
        JOIN people_attribute a ON a.id = v.attribute_id AND a.key = ANY(%(keys)s)
        ORDER BY p.root_id, a.key, v.said_at DESC, v.id DESC
    ) AS newest
    GROUP BY root_id
)
SELECT c.id, c.name, o.first_at, o.last_at, coalesce(o.orders, 0), coalesce(o.spent, 0) - coalesce(r.refunded, 0),
       coalesce(a.said, '{}')
FROM people_customer c
LEFT JOIN orders o ON o.root_id = c.id
LEFT JOIN refunds r ON r.root_id = c.id
LEFT JOIN attributes a ON a.root_id = c.id
WHERE c.id = ANY(%(customer_ids)s)
