"""Ways in by HTTP: customers' own addresses (public), gateways' receipts, and the console's pages."""
