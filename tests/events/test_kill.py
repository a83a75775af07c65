"""The worker dies anywhere, by SIGKILL, while events come in: none is lost and none doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.models import QuerySet

from homeground.events import warehouse
from homeground.events.models import StreamBatch, StreamEvent
from homeground.events.services import Incoming, receive
from tests.events.stores import neighbour, wait_until
from tests.events.taps import numbers_in_clickhouse, tap
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 12
MONTHS = 5  # A batch goes into as many partitions of ClickHouse.

# Forks a child that pumps for each line it reads (importing takes a second, forking does not), and says its number.
_WORKERS = """
import functools, os, sys, threading, time
import django
django.setup()
from django.db import connection
from homeground.events import batches, facts, stream, warehouse
from homeground.events.facts import on

facts._handlers.clear()  # The stream alone, whatever the rooms hang on it.
stream.chores.clear()
stream.resolver = stream._as_recorded
batches.claim = functools.partial(batches.claim, 300)

def lingering(step):
    def linger(*given):
        done = step(*given)
        time.sleep(0.03)
        return done
    return linger

for step in ("resolved", "append", "deliver", "_mark"):  # Between two steps death does most harm: stay there longer.
    setattr(stream, step, lingering(getattr(stream, step)))

@on("*")
def remember(events):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kill_seen SELECT unnest(%s::bigint[])", [[event.id for event in events]])

for line in sys.stdin:
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("gone", flush=True)
    else:
        warehouse.migrate()
        stream.run(threading.Event()) if line.strip() == "run" else stream.drain()
        warehouse.disconnect()
        os._exit(0)
"""


def test_no_event_is_lost_or_doubled_when_the_worker_is_killed_at_random_points(tmp_path, seen_table):
    dice = random.Random(20260301)
    with workers(tmp_path) as process, events_coming_in() as told:
        for _ in range(KILLS):
            before = handled().count()
            pid = start(process, "run")
            wait_until(lambda before=before: handled().count() > before)
            time.sleep(dice.uniform(0, 0.3))
            os.kill(pid, signal.SIGKILL)
            assert process.stdout.readline() == "gone\n"
    with workers(tmp_path) as process:
        start(process, "drain")
        assert process.stdout.readline() == "gone\n"

    assert StreamEvent.objects.count() == told[0]
    assert arrived(tmp_path) == list(
        StreamEvent.objects.order_by("id").values_list("id", "name", "happened_at", "source", "properties__number")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT event_id) FROM kill_seen")
        assert cursor.fetchone() == (told[0], told[0])  # This handler writes in its own transaction: exactly once.


def test_an_event_that_commits_late_is_not_skipped():
    with psycopg.connect(**place_of_the_database()) as late:
        late.execute(
            "INSERT INTO stream_event (day, key, name, source, happened_at, properties)"
            " VALUES ('2026-03-01', gen_random_uuid(), 'tests.tapped', 'test', now(), '{\"number\": 1}')"
        )
        tap(2)
        drain()
        late.commit()
    drain()

    assert sorted(numbers_in_clickhouse()) == [1, 2]


def test_an_event_told_late_in_a_transaction_that_began_early_is_not_skipped():
    with psycopg.connect(**place_of_the_database()) as early:
        early.execute("SELECT pg_current_xact_id()")
        tap(1)
        drain()
        early.execute(
            "INSERT INTO stream_event (day, key, name, source, happened_at, properties)"
            " VALUES ('2026-03-01', gen_random_uuid(), 'tests.tapped', 'test', now(), '{\"number\": 2}')"
        )
        early.commit()
    drain()

    assert sorted(numbers_in_clickhouse()) == [1, 2]


def handled() -> QuerySet[StreamBatch]:
    return StreamBatch.objects.filter(state=StreamBatch.State.HANDLED)


@pytest.fixture
def seen_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kill_seen (event_id bigint)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kill_seen")


@contextmanager
def workers(folder: Path) -> Iterator[subprocess.Popen[str]]:
    place = place_of_the_database()
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKERS],
        env=os.environ
        | {
            "HOMEGROUND_DATA": str(folder),
            "HOMEGROUND_DATABASE_URL": f"postgresql://{place['user']}@/{place['dbname']}?host={place['host']}",
            "DJANGO_SETTINGS_MODULE": "homeground.config.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def start(process: subprocess.Popen[str], how: str) -> int:
    process.stdin.write(how + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@contextmanager
def events_coming_in() -> Iterator[list[int]]:
    """Events are received while the block runs; gives how many there were."""
    told = [0]
    stop = threading.Event()

    def tell() -> None:
        while not stop.is_set():
            told[0] += receive(incoming(told[0] + number) for number in range(250))
            stop.wait(0.25)
        connection.close()

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()


def incoming(number: int) -> Incoming:
    moment = datetime(2026, 1 + number % MONTHS, 1, 12, 0, number % 60, tzinfo=UTC)
    return Incoming(
        name=f"page_viewed_{number % 7}",
        key=UUID(int=number),
        stated_at=moment,
        happened_at=moment,
        source="web",
        identities=(("device", str(number % 100)),),
        properties={"number": number},
    )


def arrived(folder: Path) -> list[tuple[object, ...]]:
    with neighbour(folder) as address:
        client = warehouse._through_the_door(address)
        found = client.query(
            "SELECT id, name, happened_at, source, JSONExtractInt(properties, 'number') FROM events.events ORDER BY id"
        )
        client.close()
    return list(found.result_rows)


def place_of_the_database() -> dict[str, str]:
    settings = connection.settings_dict
    return {"dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"]}
