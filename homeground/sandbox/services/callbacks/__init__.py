"""The callback sender: what the platform tells the product, hidden and signed, by an outbox."""
