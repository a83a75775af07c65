"""Points: one earning a transaction by 8 clients against pgbench's TPC-B with as many on the same server, and earnings
by the batch against a bare INSERT of the entries that they leave.

An earning is a posting, a lot, two entries, a balance and an event on the stream; TPC-B is three updates, a select and
an insert. Both wait for the disk.
"""

import multiprocessing
import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from benchmarks import Result

_CLIENTS = 8
_SINGLE = (2_000, 8_000)  # Transactions.
_BATCHED = (20_000, 100_000)  # Earnings.
_BATCH = 5_000
_PEOPLE = 100_000
_SCALE = 10  # Of pgbench: ten branches, a million accounts.
_AT = datetime(2026, 3, 10, 4, tzinfo=UTC)
_EXPIRES = _AT + timedelta(days=365)
_MAKE_PEOPLE = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', '', '', 'none', now() FROM generate_series(1, %s)
"""
_INSERT = """
INSERT INTO loyalty_pointsentry (posting_id, account_id, lot_id, points)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[])
"""


def bench() -> list[Result]:
    """Both, each at two sizes."""
    from homeground.events.stores import open_stores

    open_stores()
    ids = _people()
    _tpcb(["-i", "-q", "-s", str(_SCALE)])
    return [*(_one_by_one(size, ids) for size in _SINGLE), *(_in_batches(size, ids) for size in _BATCHED)]


def _one_by_one(size: int, ids: range) -> Result:
    from django.db import connections

    _empty()
    connections.close_all()
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(_CLIENTS + 1)
    clients = [spawn.Process(target=_client, args=(n, size // _CLIENTS, ids, barrier)) for n in range(_CLIENTS)]
    for client in clients:
        client.start()
    barrier.wait()  # All are connected.
    ours = _timed(barrier.wait)  # All have posted.
    for client in clients:
        client.join()
    _see(size)
    told = _tpcb(["-n", "-M", "simple", "-c", str(_CLIENTS), "-j", "2", "-t", str(size // _CLIENTS)])
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return Result("points: one a transaction, 8 clients", size, "transactions", ours, size / float(found[1]), 0.5)


def _client(number: int, count: int, ids: range, barrier: Any) -> None:
    """One client in a process of its own."""
    import django

    django.setup()
    from homeground.loyalty.services.points import Earning, earn_points

    dice = Random(number)
    for turn in range(-20, count):  # The first few warm the connection up.
        if turn == 0:
            barrier.wait()
        earn_points([Earning(dice.choice(ids), 10, f"bench:{number}:{turn}", "bench", _EXPIRES)])
    barrier.wait()


def _see(size: int) -> None:
    from homeground.loyalty.models import PointsPosting

    made = PointsPosting.objects.count()
    assert made == size + 20 * _CLIENTS, f"a client failed: {made} postings"


def _in_batches(size: int, ids: range) -> Result:
    from homeground.loyalty.services.points import Earning, earn_points

    _empty()
    dice = Random(size)
    earnings = [Earning(dice.choice(ids), 10, f"bench:{n}", "bench", _EXPIRES) for n in range(size)]
    ours = _timed(lambda: [earn_points(earnings[at : at + _BATCH]) for at in range(0, size, _BATCH)])
    return Result("points: by batch", size, "earnings", ours, _bare(), 0.3)


def _bare() -> float:
    """Take the entries out and INSERT them back, as many at a time, each batch committed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT posting_id, account_id, lot_id, points FROM loyalty_pointsentry ORDER BY id")
        rows = cursor.fetchall()
        cursor.execute("TRUNCATE loyalty_pointsentry")
        batches = [
            list(map(list, zip(*rows[at : at + 2 * _BATCH], strict=True))) for at in range(0, len(rows), 2 * _BATCH)
        ]
        return _timed(lambda: [cursor.execute(_INSERT, batch) for batch in batches])


def _people() -> range:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_customer RESTART IDENTITY CASCADE")
        cursor.execute(_MAKE_PEOPLE, [_PEOPLE])
    return range(1, _PEOPLE + 1)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE loyalty_pointsentry, loyalty_pointslot, loyalty_pointsposting, loyalty_pointsaccount,"
            " stream_event"
        )
        cursor.execute("VACUUM ANALYZE people_customer")


def _tpcb(arguments: list[str]) -> str:
    from django.db import connection

    from homeground.core.postgres import program

    place = connection.settings_dict
    named = {"PGHOST": place["HOST"], "PGPORT": place["PORT"], "PGUSER": place["USER"], "PGPASSWORD": place["PASSWORD"]}
    known = {key: str(value) for key, value in named.items() if value}
    done = subprocess.run(
        [program("pgbench"), *arguments, str(place["NAME"])],
        env=os.environ | known, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    return done.stdout


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
