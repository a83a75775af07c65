"""Identity resolution against COPY of the same identities into the same table.

New people: each sighting brings two identities that nobody had, so a customer is made, both are kept, the warehouse's
copy is asked for. Known people: the same sightings again, as most events of a running shop are; nothing is written.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from benchmarks import Result

_AT = datetime(2026, 3, 1, tzinfo=UTC)
_BATCH = 10_000  # Events of a batch of the stream.
_GOAL = 0.3
_SIZES = (40_000, 200_000)  # Identities.


def bench() -> list[Result]:
    """Both jobs at two sizes."""
    from homeground.events.stores import open_stores

    open_stores()
    return [result for size in _SIZES for result in _measured(size)]


def _measured(size: int) -> Iterator[Result]:
    from homeground.people.services import Sighting, find_customers

    sightings = [
        Sighting([("phone", f"138{n:08}"), ("device", f"device-{n}")], _AT, "benchmark") for n in range(size // 2)
    ]
    batches = [sightings[start : start + _BATCH] for start in range(0, len(sightings), _BATCH)]
    _empty()
    new = _timed(lambda: [find_customers(batch) for batch in batches])
    known = _timed(lambda: [find_customers(batch) for batch in batches])
    bare = _copied()
    yield Result("identities of new people", size, "identities", new, bare, _GOAL)
    yield Result("identities of known people", size, "identities", known, bare, _GOAL)


def _copied() -> float:
    """Take the identities out and COPY them back, in batches of as many, each committed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, kind, value, source, created_at FROM people_identity ORDER BY id")
        rows = cursor.fetchall()
        cursor.execute("TRUNCATE people_identity")
    step = 2 * _BATCH
    return _timed(lambda: [_copy(rows[start : start + step]) for start in range(0, len(rows), step)])


def _copy(rows: Sequence[tuple[object, ...]]) -> None:
    from django.db import connection, transaction

    columns = "customer_id, kind, value, source, created_at"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY people_identity ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_customer CASCADE")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
