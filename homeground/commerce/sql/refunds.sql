-- Write reported refunds; gives what is new or changed, with what was known before.
-- A refund belongs to the order that the report names, else to the order of its own number, else to none.
-- Params: source text, currency text.
WITH before AS (
    SELECT known.refund_no AS order_no, known.amount_minor, known.customer_id, known.currency
    FROM commerce_refund AS known JOIN reported ON reported.order_no = known.refund_no
    WHERE reported.side = 'refund' AND known.content_hash <> reported.content_hash
), written AS (
    INSERT INTO commerce_refund AS known
        (refund_no, order_id, customer_id, source, currency, amount_minor, refunded_at, content_hash)
    SELECT reported.order_no, bought.id, coalesce(reported.customer_id, bought.customer_id), %(source)s, %(currency)s,
        reported.amount_minor, reported.at, reported.content_hash
    FROM reported
    LEFT JOIN commerce_order AS bought ON bought.order_no = coalesce(reported.refund_of, reported.order_no)
    WHERE reported.side = 'refund'
    ORDER BY reported.at, reported.order_no
    ON CONFLICT (refund_no) DO UPDATE SET
        order_id = excluded.order_id, customer_id = excluded.customer_id, currency = excluded.currency,
        amount_minor = excluded.amount_minor, refunded_at = excluded.refunded_at, content_hash = excluded.content_hash
    WHERE known.content_hash <> excluded.content_hash
    RETURNING id, refund_no AS order_no, order_id, customer_id
)
SELECT written.id, written.order_no, 'refund' AS kind, written.customer_id, reported.amount_minor, reported.at,
    reported.items::bigint AS items, reported.skus, bought.order_no AS refunded_order_no,
    before.order_no IS NOT NULL AS is_changed, 'refund' AS old_kind, before.customer_id AS old_customer_id,
    before.amount_minor AS old_amount_minor, before.currency AS old_currency
FROM written
JOIN reported ON reported.order_no = written.order_no AND reported.side = 'refund'
LEFT JOIN before ON before.order_no = written.order_no
LEFT JOIN commerce_order AS bought ON bought.id = written.order_id
ORDER BY reported.at, written.order_no
