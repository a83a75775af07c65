-- What survivors bought and gave back in one currency, with what lies under the customers they absorbed.
-- Params: ids bigint[]: survivors; currency text.
WITH member AS (
    SELECT id AS root, id FROM unnest(%(ids)s::bigint[]) AS given(id)
    UNION ALL SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(ids)s::bigint[])
), document AS (
    SELECT member.root, 1 AS orders, bought.amount_minor AS paid, 0 AS refunded, bought.paid_at AS at
    FROM member
    JOIN commerce_order AS bought
        ON bought.customer_id = member.id AND bought.kind = 'sale' AND bought.currency = %(currency)s
    UNION ALL
    SELECT member.root, 0, 0, refund.amount_minor, NULL
    FROM member JOIN commerce_refund AS refund ON refund.customer_id = member.id AND refund.currency = %(currency)s
)
SELECT root, sum(orders)::bigint, sum(paid)::bigint, sum(refunded)::bigint, max(at) FROM document GROUP BY root
