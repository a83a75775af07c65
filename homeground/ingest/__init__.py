"""Ways in for events and files: parse, resolve, record. Owns the ingest tokens."""
