-- Write reported sales and adjustments as orders; gives what is new or changed, with what was known before.
-- An order whose content is the same is left alone. The caller is the only importer (advisory lock).
-- Params: source text, currency text.
WITH before AS (
    SELECT known.order_no, known.amount_minor, known.customer_id, known.currency, known.kind
    FROM commerce_order AS known JOIN reported USING (order_no)
    WHERE reported.side <> 'refund' AND known.content_hash <> reported.content_hash
), written AS (
    INSERT INTO commerce_order AS known
        (order_no, kind, customer_id, source, currency, amount_minor, paid_at, content_hash)
    SELECT order_no, side, customer_id, %(source)s, %(currency)s, amount_minor, at, content_hash
    FROM reported WHERE side <> 'refund'
    ORDER BY at, order_no
    ON CONFLICT (order_no) DO UPDATE SET
        kind = excluded.kind, customer_id = excluded.customer_id, currency = excluded.currency,
        amount_minor = excluded.amount_minor, paid_at = excluded.paid_at, content_hash = excluded.content_hash
    WHERE known.content_hash <> excluded.content_hash
    RETURNING id, order_no
)
SELECT written.id, written.order_no, reported.side AS kind, reported.customer_id, reported.amount_minor, reported.at,
    reported.items::bigint AS items, reported.skus, NULL AS refunded_order_no,
    before.order_no IS NOT NULL AS is_changed, before.kind AS old_kind, before.customer_id AS old_customer_id,
    before.amount_minor AS old_amount_minor, before.currency AS old_currency
FROM written
JOIN reported ON reported.order_no = written.order_no AND reported.side <> 'refund'
LEFT JOIN before ON before.order_no = written.order_no
ORDER BY reported.at, written.order_no
