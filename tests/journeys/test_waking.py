"""What events do to journeys: let in, wake, reach the goal, let out; and who turns out to be one person."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pydantic import TypeAdapter

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.facts import handlers_of
from homeground.events.services import record
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services import listening, waking
from homeground.journeys.services.locking import hold_journey, share_journey
from homeground.journeys.services.walking import batches
from homeground.journeys.services.walking.engine import walk
from homeground.people import services as people
from homeground.people.models import Customer
from homeground.segments.rules.nodes import PropertyIs
from tests.journeys.engine import END, happened, let_in, make_journey, now_at, path, tag, wait, wait_event
from tests.journeys.world import NOON, make_customer
from tests.support import drain

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAITING = {"w": wait_event("y", "n"), "y": tag(END, "等到"), "n": tag(END, "没等到")}


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(listening, "_known", ((-1, -1), {}))


def test_an_event_ends_the_wait_at_once():
    customer, other = make_customer(), make_customer()
    one, still = let_in(make_journey(WAITING), customer, other)

    assert waking.note_events([happened("shop.seen", customer, SOON)], SOON) == 1
    walk(one.journey_id, SOON)

    assert path(one) == [("w", "next"), ("y", "next")]
    assert now_at(still) == ("walking", "w", "")


def test_a_wait_that_nothing_ended_goes_the_other_way():
    (one,) = let_in(make_journey(WAITING), make_customer())

    walk(one.journey_id, NOON + 3 * DAY)

    assert path(one) == [("w", "otherwise"), ("n", "next")]


@pytest.mark.parametrize(
    ("event", "at", "wakes"),
    [
        ("shop.seen", NOON, True),  # At the moment of arrival: it counts.
        ("shop.seen", NOON - timedelta(seconds=1), False),  # Before the wait began.
        ("shop.seen", NOON + 3 * DAY, False),  # The time was over.
        ("shop.left", SOON, False),
    ],
)
def test_what_happened_before_the_wait_or_after_its_time_does_not_count(event, at, wakes):
    customer = make_customer()
    let_in(make_journey(WAITING), customer)

    assert waking.note_events([happened(event, customer, at)], max(at, SOON)) == int(wakes)


def test_a_repeat_of_the_event_changes_nothing():
    customer = make_customer()
    let_in(make_journey(WAITING), customer)
    event = happened("shop.seen", customer, SOON)

    assert [waking.note_events([event], SOON) for _ in range(3)] == [1, 0, 0]


def test_an_event_with_other_properties_is_not_meant():
    where = [{"property": "amount", "is": {"at_least": 100}}, {"property": "shop", "is": {"in": ["沪", "京"]}}]
    customer = make_customer()
    let_in(make_journey({"w": wait_event(END, END, where=where)}), customer)

    few = [happened("shop.seen", customer, SOON, amount=99, shop="沪"), happened("shop.seen", customer, SOON)]
    assert waking.note_events(few, SOON) == 0
    assert waking.note_events([happened("shop.seen", customer, SOON, amount=100.0, shop="京")], SOON) == 1


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        ({"equals": "a"}, ["a"], ["b", 1, None, True]),
        ({"equals": 1}, [1, 1.0], ["1", True, 2]),
        ({"equals": True}, [True], [1, "true", False]),
        ({"equals": False}, [False], [0, None]),
        ({"in": ["a", "b"]}, ["b"], ["c", 1]),
        ({"in": [1, 2]}, [2.0], ["2", 3]),
        ({"contains": "b"}, ["abc"], ["ac", 5]),
        ({"starts": "ab"}, ["abc"], ["cab"]),
        ({"greater": 5}, [6], [5, "6", True]),
        ({"at_least": 5}, [5], [4.9]),
        ({"less": 5}, [4], [5, None]),
        ({"at_most": 5}, [5, -1], [5.1]),
        ({"between": [1, 3]}, [1, 3, 2.5], [0, 4]),
        ({"is_set": True}, ["", 0, False], [None]),
        ({"is_set": False}, [None], [0]),
    ],
)
def test_properties_compare_as_in_segments(test, yes, no):
    one = TypeAdapter(PropertyIs).validate_json(TypeAdapter(dict).dump_json({"property": "p", "is": test}))

    assert [listening.holds(one, {"p": value}) for value in yes] == [True] * len(yes)
    assert [listening.holds(one, {"p": value}) for value in no] == [False] * len(no)
    assert listening.holds(one, {}) == (test == {"is_set": False})


def test_a_goal_during_a_wait_takes_effect_at_once():
    customer, held = make_customer(), make_customer()
    journey = make_journey({"w": wait("t", days=9), "t": tag(END)}, goal={"event": "order.paid"})
    (one, other) = let_in(journey, customer, held)
    Enrolment.objects.filter(pk=other.pk).update(state="held_out", arm="holdout")

    assert waking.note_events([happened("order.paid", c, SOON) for c in (customer, held)], SOON) == 1

    assert now_at(one) == ("ended", "w", "goal")
    assert now_at(other)[0] == "held_out"
    assert walk(journey.pk, NOON + 30 * DAY) == 0


def test_a_goal_counts_in_a_paused_journey_too_and_not_what_was_before_the_walk():
    customer = make_customer()
    journey = make_journey({"w": wait(END, days=9)}, goal={"event": "order.paid"})
    let_in(journey, customer)
    Journey.objects.update(state="paused")

    assert waking.note_events([happened("order.paid", customer, NOON)], SOON) == 0  # What let her in is no goal.
    assert waking.note_events([happened("order.paid", customer, SOON)], SOON) == 1


def test_exits_end_walks_also_by_entering_a_segment():
    one, two, three = (make_customer() for _ in range(3))
    exits = [{"event": "shop.left"}, {"segment": "vip"}]
    walks = let_in(make_journey({"w": wait(END, days=9)}, exits=exits), one, two, three)

    waking.note_events(
        [
            happened("shop.left", one, SOON),
            happened("segments.segment_entered", two, SOON, segment="vip"),
            happened("segments.segment_entered", three, SOON, segment="other"),
        ],
        SOON,
    )

    assert [now_at(walk)[2] for walk in walks] == ["exit", "exit", ""]


def test_of_goal_and_exit_the_first_counts():
    customers = [make_customer() for _ in range(2)]
    journey = make_journey({"w": wait(END, days=9)}, goal={"event": "paid"}, exits=[{"event": "left"}])
    walks = let_in(journey, *customers)
    first, second = customers

    events = [("paid", first, 2), ("left", first, 1), ("left", second, 2), ("paid", second, 1)]
    waking.note_events([happened(name, who, NOON + n * HOUR) for name, who, n in events], NOON + DAY)

    assert [now_at(walk)[2] for walk in walks] == ["exit", "goal"]


def test_an_event_lets_in_by_its_key_once():
    entry = {"by": "event", "event": "cart.left", "key": "cart", "where": []}
    journey = make_journey({"w": wait(END, days=1)}, entries=[entry], again={"when": "any", "at_once": 3})
    customer = make_customer()
    events = [happened("cart.left", customer, NOON, cart=n) for n in (1, 2, 1)]

    assert waking.let_in_by(events, SOON) == 2
    assert waking.let_in_by(events, SOON) == 0

    assert set(Enrolment.objects.values_list("key", "cause")) == {(str(n), f"event:{events[n - 1].id}") for n in (1, 2)}
    assert journey.enrolments.count() == 2


def test_old_news_lets_nobody_in():
    make_journey({"w": wait(END, days=1)}, entries=[{"by": "event", "event": "cart.left"}])

    assert waking.let_in_by([happened("cart.left", make_customer(), NOON - 2 * DAY)], NOON) == 0


def test_what_follows_the_event_that_let_in_counts_even_when_both_are_told_together():
    customer = make_customer()
    journey = make_journey(WAITING, entries=[{"by": "event", "event": "cart.left"}])
    events = [happened("cart.left", customer, NOON), happened("shop.seen", customer, SOON)]

    later = NOON + HOUR
    waking.let_in_by(events, later)
    waking.note_events(events, later)
    walk(journey.pk, later)

    assert path(Enrolment.objects.get())[0] == ("w", "next")


@pytest.mark.parametrize(
    ("left_at", "entered_at", "walks"),
    [
        (SOON, SOON + HOUR, ["ended", "walking"]),
        (SOON + HOUR, SOON, ["ended"]),  # Inside when it would have entered, and out afterwards.
    ],
)
def test_who_leaves_and_comes_back_in_one_batch_is_in_again(monkeypatch, left_at, entered_at, walks):
    monkeypatch.setattr("homeground.core.time.now", lambda: NOON + 2 * HOUR)
    customer = make_customer()
    journey = make_journey(
        WAITING, entries=[{"by": "event", "event": "cart.filled"}], exits=[{"event": "shop.left"}],
        again={"when": "after_exit"},
    )  # fmt: skip
    let_in(journey, customer)
    batch = [happened("shop.left", customer, left_at), happened("cart.filled", customer, entered_at)]

    for handler in handlers_of("cart.filled"):
        if handler.__module__ == "homeground.journeys.handlers":
            handler(batch)

    assert list(Enrolment.objects.order_by("pk").values_list("state", flat=True)) == walks


def test_events_of_an_absorbed_customer_count_for_the_person():
    old, new = make_customer(), make_customer()
    let_in(make_journey(WAITING), new)
    Customer.objects.filter(pk=old.pk).update(merged_into=new)

    assert waking.note_events([happened("shop.seen", old, SOON)], SOON) == 1


def test_of_two_walks_of_one_person_the_older_goes_on():
    old, new = make_customer(), make_customer()
    journey = make_journey(WAITING)
    (second,) = let_in(journey, new, at=SOON)
    (first,) = let_in(journey, old, at=NOON)
    people.merge(new.pk, old.pk, {"by": "test"})

    assert waking.join_walks([new.pk], SOON) == 1
    assert waking.join_walks([new.pk], SOON) == 0

    assert now_at(first)[0] == "walking"
    assert now_at(second) == ("ended", "w", "same_person")


@pytest.mark.django_db(transaction=True)
def test_the_stream_lets_in_wakes_and_joins():
    customer, twin = make_customer(phone=False), make_customer(phone=False)
    journey = make_journey(
        {"w": wait_event(END, END, event="shop.seen")}, entries=[{"by": "event", "event": OrderPaid.name}]
    )
    paid = {"amount_minor": 1, "currency": "CNY", "items": 1, "skus": []}
    record(*(OrderPaid(customer_id=who.pk, order_no=str(who.pk), **paid) for who in (customer, twin)))
    drain()
    assert journey.enrolments.filter(state="walking").count() == 2

    people.merge(customer.pk, twin.pk, {"by": "test"})
    drain()

    assert sorted(journey.enrolments.values_list("state", "ending")) == [("ended", "same_person"), ("walking", "")]


@pytest.mark.django_db(transaction=True)
def test_an_event_between_the_arrival_at_a_wait_and_its_commit_is_not_lost(monkeypatch):
    """The batch has moved the walk onto the wait, and has not committed; the event is handled meanwhile."""
    customer = make_customer()
    journey = make_journey({"a": wait("w", hours=1), **WAITING})
    (one,) = let_in(journey, customer)
    moment, event_at = NOON + HOUR, NOON + HOUR + timedelta(seconds=1)
    written, handled = threading.Event(), threading.Event()
    honest = batches.write

    def slow_write(*args, **more):
        steps = honest(*args, **more)
        written.set()
        handled.wait(1)  # The handler cannot end before the commit: it must wait for this row.
        return steps

    def handle() -> None:
        try:
            written.wait(10)
            woken.append(waking.note_events([happened("shop.seen", customer, event_at)], event_at))
            handled.set()
        finally:
            connection.close()

    woken: list[int] = []
    monkeypatch.setattr(batches, "write", slow_write)
    thread = threading.Thread(target=handle)
    thread.start()
    walk(journey.pk, moment)
    thread.join()

    assert woken == [1]
    monkeypatch.setattr(batches, "write", honest)
    walk(journey.pk, event_at)
    assert path(one)[1] == ("w", "next")


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Work in a transaction of its own."""

    def run() -> None:
        try:
            with transaction.atomic():
                work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until_waiting(count: int) -> None:
    """Until so many wait for a lock."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0] >= count:
                return


@pytest.mark.django_db(transaction=True)
def test_whoever_changes_the_journey_waits_for_those_who_walk_and_is_not_overtaken():
    journey = make_journey(WAITING)
    order: list[str] = []
    has_begun, may_end = threading.Event(), threading.Event()

    def walks() -> None:
        share_journey(journey.pk)
        order.append("walks")
        has_begun.set()
        may_end.wait(10)

    threads = [in_thread(walks)]
    has_begun.wait(10)
    threads.append(in_thread(lambda: (hold_journey(journey.pk), order.append("changes"))))
    until_waiting(1)
    threads.append(in_thread(lambda: (share_journey(journey.pk), order.append("walks later"))))
    until_waiting(2)
    may_end.set()
    for thread in threads:
        thread.join()

    assert order == ["walks", "changes", "walks later"]
