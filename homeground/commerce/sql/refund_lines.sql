-- Lines of the refunds just written, quantities as given back; a line that moves no piece is left out.
-- Params: ids bigint[]: the refunds.
INSERT INTO commerce_refundline (refund_id, line_no, product_id, quantity, unit_price)
SELECT refund.id, line.line_no, product.id, abs(line.quantity), line.unit_price
FROM commerce_refund AS refund
JOIN reported_line AS line ON line.order_no = refund.refund_no
JOIN commerce_product AS product USING (sku)
WHERE refund.id = ANY(%(ids)s::bigint[]) AND line.quantity <> 0 AND (line.quantity < 0 OR line.kind = 'refund')
