-- Lines of the orders just written. An adjustment has all lines of its number, a sale those that are no refund.
-- Params: ids bigint[]: the orders.
INSERT INTO commerce_orderline (order_id, line_no, product_id, quantity, unit_price)
SELECT bought.id, line.line_no, product.id, line.quantity, line.unit_price
FROM commerce_order AS bought
JOIN reported_line AS line USING (order_no)
JOIN commerce_product AS product USING (sku)
WHERE bought.id = ANY(%(ids)s::bigint[])
    AND (bought.kind = 'adjustment' OR (line.quantity >= 0 AND line.kind IS DISTINCT FROM 'refund'))
