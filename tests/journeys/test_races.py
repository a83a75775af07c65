"""Two at once: who publishes and what happens meanwhile, who is tried again and who enters."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services import leaving, publishing, waking
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.walking.engine import walk
from homeground.people import services as people
from tests.journeys.engine import END, happened, let_in, make_journey, now_at, path, tag, wait, wait_event
from tests.journeys.world import NOON, make_customer

pytestmark = pytest.mark.django_db(transaction=True)
SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)


def meanwhile(held: Callable[[], object], work: Callable[[], object]) -> list[object]:
    """Do work in another thread while a transaction that did `held` is open; what it returned once both are over."""
    said: list[object] = []

    def run() -> None:
        try:
            said.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        held()
        thread.start()
        _until_it_waits()
    thread.join()
    return said


def _until_it_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(5000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("it does not wait for us")


def test_what_happens_while_people_are_moved_to_a_new_version_counts_there():
    nodes = {"w": wait_event("y", "n"), "y": tag(END, "等到"), "n": tag(END, "没等到")}
    journey = make_journey(nodes, goal={"event": "shop.paid"})
    seen, paid = make_customer(), make_customer()
    waiting, reaching = let_in(journey, seen, paid)
    events = [happened("shop.seen", seen, LATER), happened("shop.paid", paid, LATER)]

    said = meanwhile(
        lambda: publishing.publish(journey.pk, succession="move", node_map={"w": "w"}, at=SOON),
        lambda: waking.note_events(events, LATER),
    )

    assert said == [2]
    walk(journey.pk, LATER)
    assert path(waiting) == [("w", "next"), ("y", "next")]
    assert now_at(reaching) == ("ended", "w", "goal")


def test_who_is_tried_again_while_the_customer_enters_anew_stays_failed(monkeypatch):
    customer = make_customer()
    journey = make_journey({"t": tag("w"), "w": wait(END, days=1)})
    (one,) = let_in(journey, customer)
    with monkeypatch.context() as patch:
        patch.setattr(people, "tag", lambda *args, **more: 1 / 0)
        walk(journey.pk, NOON)

    said = meanwhile(
        lambda: enter(journey, [Entrant(customer.pk, "again")], LATER),
        lambda: leaving.try_again(journey.pk, [one.pk], LATER),
    )

    assert said == [0]
    assert Enrolment.objects.filter(state="walking").count() == 1


def test_who_walks_while_the_journey_is_paused_is_held_there():
    journey = make_journey({"w": wait("t", minutes=1), "t": tag(END)})
    (one,) = let_in(journey, make_customer())

    said = meanwhile(lambda: publishing.pause(journey.pk), lambda: walk(journey.pk, LATER))

    assert said == [0]
    assert now_at(one) == ("walking", "w", "")
    assert Journey.objects.get().state == "paused"
