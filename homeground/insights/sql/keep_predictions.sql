-- Predictions as prediction_row has them, written unless the person has bought since (a newer order) or is no survivor.
-- Gives the customers written, and how many rows of customers from low up to high went.
-- Params: low bigint, high bigint.
WITH kept AS (
    INSERT INTO insights_prediction AS known (
        customer_id, basis, next_on, low_on, high_on, product_id, alive, expected_minor, spent_minor, orders,
        last_order_at, as_on
    )
    SELECT row.*
    FROM prediction_row AS row
    JOIN people_customer AS customer ON customer.id = row.customer_id AND customer.merged_into_id IS NULL
    WHERE NOT EXISTS (
        SELECT FROM commerce_order AS newer
        WHERE newer.customer_id = row.customer_id AND newer.paid_at > row.last_order_at AND newer.kind = 'sale'
    ) AND NOT EXISTS (
        SELECT FROM people_customer AS absorbed
        JOIN commerce_order AS newer ON newer.customer_id = absorbed.id
        WHERE absorbed.merged_into_id = row.customer_id AND newer.paid_at > row.last_order_at AND newer.kind = 'sale'
    )
    ORDER BY row.customer_id
    ON CONFLICT (customer_id) DO UPDATE SET
        basis = excluded.basis, next_on = excluded.next_on, low_on = excluded.low_on, high_on = excluded.high_on,
        product_id = excluded.product_id, alive = excluded.alive, expected_minor = excluded.expected_minor,
        spent_minor = excluded.spent_minor,
        orders = excluded.orders, last_order_at = excluded.last_order_at, as_on = excluded.as_on
    RETURNING customer_id
), gone AS (
    DELETE FROM insights_prediction AS known
    WHERE known.customer_id >= %(low)s AND known.customer_id < %(high)s
        AND NOT EXISTS (SELECT FROM kept WHERE kept.customer_id = known.customer_id)
)
SELECT customer_id FROM kept
