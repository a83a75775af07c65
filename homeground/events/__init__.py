"""The one stream: everything that happens, as events, from the outbox in PostgreSQL to ClickHouse and the handlers.

Owns the event dictionary (catalog/), the outbox (stream_event and its batches), the warehouse (the only door to
ClickHouse) and both stores' start. Emits nothing of its own.
"""
