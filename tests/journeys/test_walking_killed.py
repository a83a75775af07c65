"""Many walkers at once, and walkers that die anywhere by SIGKILL: nothing is lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from homeground.core import time as clock
from homeground.journeys import walking
from homeground.journeys.models import EdgeCount, Enrolment, Journey, StepTaken, Touch, WebhookCall
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import CustomerTag
from tests.events.stores import wait_until
from tests.events.test_kill import place_of_the_database
from tests.journeys.engine import END, make_journey, many_customers, message, tag, wait
from tests.journeys.world import NOON, make_channel, make_message, no_policy

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 400
KILLS = 6
HOUR = timedelta(hours=1)

# Forks a child that walks for each line it reads (importing takes a second, forking does not), and says its number.
_WALKERS = """
import os, sys, time
from datetime import datetime
import django
django.setup()
from homeground.journeys.services.walking import batches
from homeground.journeys.services.walking.engine import walk

def lingering(step):
    def linger(*given):
        done = step(*given)
        time.sleep(0.02)
        return done
    return linger

for step in ("_claim", "do", "write"):  # Between two steps death does most harm: stay there longer.
    setattr(batches, step, lingering(getattr(batches, step)))

for line in sys.stdin:
    journey, at = line.split()
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("gone", flush=True)
    else:
        walk(int(journey), datetime.fromisoformat(at), size=25)
        os._exit(0)
"""


@pytest.fixture
def journey() -> Journey:
    """Everybody waits an hour, then a tag, a message, a webhook, and the end."""
    no_policy()
    make_channel()
    hook = {"kind": "webhook", "name": "x", "url": "https://example.com/x", "next": END}
    nodes = {"w": wait("t", hours=1), "t": tag("m"), "m": message("h", make_message().pk), "h": hook}
    made = make_journey(nodes)
    people = many_customers(PEOPLE)
    enter(made, [Entrant(one.pk, str(one.pk)) for one in people], NOON)
    return made


def everything_happened_once(journey: Journey) -> None:
    assert Counter(Enrolment.objects.values_list("state", "ending", "steps")) == {("ended", "finished", 4): PEOPLE}
    assert StepTaken.objects.count() == 4 * PEOPLE
    assert set(StepTaken.objects.values_list("number", "node")) == {(1, "w"), (2, "t"), (3, "m"), (4, "h")}
    assert CustomerTag.objects.count() == PEOPLE
    assert Touch.objects.filter(step=3).count() == Touch.objects.count() == PEOPLE
    assert WebhookCall.objects.filter(step=4).count() == WebhookCall.objects.count() == PEOPLE
    assert set(EdgeCount.objects.values_list("node", "walked")) == {(node, PEOPLE) for node in "wtmh"}
    assert _told("journeys.journey_left") == PEOPLE


def moved() -> int:
    return Enrolment.objects.exclude(steps=0).count()


def _told(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stream_event WHERE name = %s", [name])
        return int(cursor.fetchone()[0])


def test_four_walkers_at_once_move_everybody_once(journey):
    taken = []

    def work() -> None:
        try:
            taken.append(walk(journey.pk, NOON + HOUR, size=20))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 4 * PEOPLE
    everything_happened_once(journey)


def test_walkers_killed_at_random_points_leave_nothing_lost_or_doubled(journey, tmp_path):
    dice = random.Random(20260310)
    with walkers(tmp_path) as process:
        for _ in range(KILLS):
            before = moved()
            pid = start(process, journey)
            wait_until(lambda before=before: moved() > before)
            time.sleep(dice.uniform(0, 0.1))
            os.kill(pid, signal.SIGKILL)
            assert process.stdout.readline() == "gone\n"
        assert moved() < PEOPLE  # Or nobody would have died in the middle.
        start(process, journey)
        assert process.stdout.readline() == "gone\n"

    everything_happened_once(journey)


def test_the_worker_walks_who_is_due_and_wakes_when_somebody_enters():
    journey, stop = make_journey({"t": tag(END)}), threading.Event()
    worker = threading.Thread(target=walking.run, args=(stop,))
    worker.start()
    try:
        (first,) = many_customers(1)
        enter(journey, [Entrant(first.pk, "1")])
        wait_until(lambda: CustomerTag.objects.filter(customer=first).exists())
        (second,) = many_customers(1)
        enter(journey, [Entrant(second.pk, "2")])
        wait_until(lambda: CustomerTag.objects.filter(customer=second).exists())
    finally:
        stop.set()
        worker.join(20)


@pytest.mark.parametrize("trouble", [ZeroDivisionError, ConnectionError])  # A graph; the warehouse.
def test_a_journey_that_cannot_be_walked_does_not_keep_others_from_it(trouble):
    broken, sound, stop = make_journey({"t": tag(END)}), make_journey({"t": tag(END)}), threading.Event()
    one, other = many_customers(2)
    enter(broken, [Entrant(one.pk, "1")])
    enter(sound, [Entrant(other.pk, "1")])
    Enrolment.objects.filter(journey=sound).update(due_at=clock.now() + timedelta(seconds=1.5))
    honest = walking.walk

    def failing(journey_id: int, **more: object) -> int:
        if journey_id == broken.pk:
            raise trouble
        return honest(journey_id, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "walk", failing)
        worker = threading.Thread(target=walking.run, args=(stop,))
        worker.start()
        try:
            wait_until(lambda: CustomerTag.objects.filter(customer=other).exists())
        finally:
            stop.set()
            worker.join(20)


@contextmanager
def walkers(folder: object) -> Iterator[subprocess.Popen[str]]:
    place = place_of_the_database()
    process = subprocess.Popen(
        [sys.executable, "-c", _WALKERS],
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


def start(process: subprocess.Popen[str], journey: Journey) -> int:
    process.stdin.write(f"{journey.pk} {(NOON + HOUR).isoformat()}\n")
    process.stdin.flush()
    return int(process.stdout.readline())
