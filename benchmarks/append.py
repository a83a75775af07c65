"""Appending batches to ClickHouse with their tokens against one INSERT of the same rows by the client.

And, without a goal, the whole way from the outbox to ClickHouse: read, resolve, append, keep the books.
"""

import uuid
from time import perf_counter

from benchmarks import Result, ingest

SIZES = (100_000, 500_000)


def bench() -> list[Result]:
    """Both sizes; the median of three rounds each, since a merge in the background may fall into any of them."""
    from homeground.events.stores import open_stores

    open_stores()
    return [result for size in SIZES for result in _measure(size)]


def _measure(size: int) -> list[Result]:
    from homeground.events import batches, stream, warehouse
    from homeground.events.append import COLUMNS, append, columns_of

    stream.resolver = stream._as_recorded
    stream.chores.clear()
    ingest.empty()
    for start in range(0, size, 10_000):
        ingest.tell(start, 10_000)
    started = perf_counter()
    stream.drain()
    whole = perf_counter() - started
    rows = [row for batch in batches.StreamBatch.objects.order_by("id") for row in batches.rows_of(batch)]
    pieces = [rows[start : start + batches.SIZE] for start in range(0, size, batches.SIZE)]
    plain = list(zip(*columns_of(rows), strict=True))
    plain = [
        (*row[:3], of.event.happened_at, of.event.received_at, *row[5:]) for row, of in zip(plain, rows, strict=True)
    ]

    def ours() -> None:
        for piece in pieces:
            append(piece, str(uuid.uuid4()))

    def bare() -> None:
        warehouse.insert("events", COLUMNS, plain, token=str(uuid.uuid4()))

    seconds = {name: [] for name in ("ours", "bare")}
    for _ in range(3):
        for name, work in (("ours", ours), ("bare", bare)):
            warehouse.run("TRUNCATE TABLE events.events")
            started = perf_counter()
            work()
            seconds[name].append(perf_counter() - started)
    ours_seconds, bare_seconds = (sorted(seconds[name])[1] for name in ("ours", "bare"))
    return [
        Result("append to ClickHouse", size, "events", ours_seconds, bare_seconds, goal=0.8),
        Result("stream: outbox to ClickHouse", size, "events", whole, bare_seconds, goal=None),
    ]
