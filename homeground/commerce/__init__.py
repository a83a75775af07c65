"""Orders, lines, refunds and products as shops report them. Emits commerce.order_paid and commerce.order_refunded."""
