"""The engine against a naive walk of the same graph: random graphs, events, clocks, pauses and crashes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.journeys.models import EdgeCount, Enrolment, Journey, WebhookCall
from homeground.journeys.services import listening, waking
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.walking import batches, branching
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import Customer
from tests.journeys.engine import happened, make_journey, many_customers, path
from tests.journeys.naive import Naive, is_meant

pytestmark = pytest.mark.django_db
MOST_STEPS = 30
START = datetime(2026, 3, 6, 12, tzinfo=UTC)  # Two days before the clocks change in New York.
ZONES = ["", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
EVENTS = ["e0", "e1", "e2"]
PEOPLE = 5


class Crash(BaseException):
    """The process dies here."""


def targets(count: int) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from([f"n{n}" for n in range(count)]))


@st.composite
def nodes(draw: Any, count: int) -> dict[str, Any]:
    to = targets(count)
    span = st.sampled_from([{"hours": 5}, {"days": 1}, {"days": 1, "hours": 3}, {"days": 2}])
    name = {"name": "x"}
    kinds = st.one_of(
        st.builds(lambda n, s: {"kind": "wait", "span": s, "next": n} | name, to, span),
        st.builds(
            lambda n, t: {"kind": "wait_until", "time": t, "next": n} | name, to, st.sampled_from(["02:30", "09:00"])
        ),
        st.builds(
            lambda n, o, e, s: {"kind": "wait_event", "event": e, "at_most": s, "next": n, "otherwise": o} | name,
            to, to, st.sampled_from(EVENTS), span,
        ),
        st.builds(lambda n: {"kind": "webhook", "url": "https://example.com/x", "next": n} | name, to),
        st.builds(
            lambda a, b, share: {
                "kind": "split",
                "ways": [
                    {"name": "a", "share_bp": share, "next": a}, {"name": "b", "share_bp": 10_000 - share, "next": b}
                ],
            } | name,
            to, to, st.integers(1, 9999),
        ),
        st.builds(
            lambda a, b, o: {
                "kind": "branch",
                "ways": [
                    {"name": "two", "rule": {"tag": ["2"]}, "next": a},
                    {"name": "three", "rule": {"tag": ["3"]}, "next": b},
                ],
                "otherwise": o,
            } | name,
            to, to, to,
        ),
    )  # fmt: skip
    return {f"n{n}": draw(kinds) for n in range(count)}


GRAPHS = st.integers(1, 7).flatmap(nodes)
SIGNS = st.one_of(st.none(), st.sampled_from(EVENTS).map(lambda name: {"event": name}))
WHO = st.integers(0, PEOPLE - 1)
ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 20),  # Hours later.
        st.one_of(
            st.tuples(st.just("enter"), WHO),
            st.tuples(st.just("event"), WHO, st.sampled_from(EVENTS)),
            st.tuples(st.just("clock"), st.integers(1, 5)),
            st.tuples(st.just("crash"), st.integers(0, 3)),
            st.tuples(st.sampled_from(["pause", "resume"])),
        ),
    ),
    max_size=20,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(GRAPHS, SIGNS, SIGNS, ACTIONS)
def test_the_engine_does_what_a_naive_walk_does(monkeypatch, graph, goal, leave, actions):
    monkeypatch.setattr(batches, "MOST_STEPS", MOST_STEPS)
    monkeypatch.setattr(listening, "_known", ((-1, -1), {}))
    monkeypatch.setattr(
        branching.segments, "matching", lambda rule, ids, at: {one for one in ids if is_meant(_raw(rule), one)}
    )
    journey = make_journey(graph, goal=goal, exits=[leave] if leave else [])
    people = many_customers(PEOPLE)
    for place, one in enumerate(people):
        one.time_zone = ZONES[place % len(ZONES)]
    Customer.objects.bulk_update(people, ["time_zone"])
    naive, at = Naive(journey.pk, journey.draft, MOST_STEPS), START
    for number, (later, action) in enumerate([(0, ("enter", n)) for n in range(3)] + actions + [(400, ("clock", 3))]):
        at += timedelta(hours=later, seconds=1)
        _do(journey, naive, people, action, at, number)

    _agree(journey, naive)


def _raw(rule: Any) -> dict[str, Any]:
    return {"tag": rule.tag}


def _do(journey: Journey, naive: Naive, people: Any, action: tuple[Any, ...], at: datetime, number: int) -> None:
    match action:
        case ("enter", who):
            enter(journey, [Entrant(people[who].pk, f"chance:{number}")], at)
            naive.enter(people[who].pk, people[who].time_zone or "Asia/Shanghai", at)
        case ("event", who, name):
            waking.note_events([happened(name, people[who], at)], at)
            naive.event(name, people[who].pk, at)
        case ("clock", size):
            walk(journey.pk, at, size=size)
            naive.clock(at)
        case ("crash", calls):
            _die(journey, at, calls)
        case (word,):
            Journey.objects.filter(pk=journey.pk).update(state="paused" if word == "pause" else "live")
            naive.is_paused = word == "pause"


def _die(journey: Journey, at: datetime, calls: int) -> None:
    """Walk until the process dies in the middle of a batch: nothing of that batch is left."""
    left = [calls]

    def dying(honest: Any) -> Any:
        def work(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            said = honest(*args, **more)
            if left[0] < 0:
                raise Crash
            return said

        return work

    with pytest.MonkeyPatch.context() as patch:
        for place, name in ((batches, "do"), (batches, "write")):
            patch.setattr(place, name, dying(getattr(place, name)))
        try:
            with transaction.atomic():
                walk(journey.pk, at)
                raise Crash  # At the latest before the commit.
        except Crash:
            pass


def _agree(journey: Journey, naive: Naive) -> None:
    rows = {(one.customer_id, one.entered_at): one for one in Enrolment.objects.filter(journey=journey)}
    assert len(rows) == len(naive.walks)
    edges: dict[tuple[str, str], int] = {}
    for walk_ in naive.walks:
        one = rows[walk_.customer, walk_.entered_at]
        assert path(one) == walk_.path
        assert (one.state, one.ending, one.due_at) == (walk_.state, walk_.ending, walk_.due_at)
        assert one.node == walk_.node
        assert one.steps == len(walk_.path)
        calls = WebhookCall.objects.filter(enrolment=one).order_by("step").values_list("body__data__node", "step")
        assert list(calls) == walk_.effects
        for edge in walk_.path:
            edges[edge] = edges.get(edge, 0) + 1
    counted = EdgeCount.objects.filter(version=journey.live).values_list("node", "way", "walked")
    assert {(node, way): walked for node, way, walked in counted} == edges
