"""The engine against a naive walk of the same graph: random graphs, events told late and twice, clocks, dates that move,
merges, new versions, pauses and crashes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.journeys.models import EdgeCount, Enrolment, Journey, WebhookCall
from homeground.journeys.services import listening, outfitting, succession, waking
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.walking import batches, branching, dating
from homeground.journeys.services.walking.engine import walk
from homeground.journeys.services.walking.graphs import graph_of
from homeground.loyalty.models import PointsPosting
from homeground.people import services as people
from homeground.people.models import Customer
from tests.journeys.engine import happened, make_journey, many_customers, path, publish
from tests.journeys.naive import Naive, People, is_meant

pytestmark = pytest.mark.django_db
MOST_STEPS = 30
START = datetime(2026, 3, 6, 12, tzinfo=UTC)  # Two days before the clocks change in New York.
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
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
        st.builds(
            lambda n, o, lead, yearly: {
                "kind": "wait_date", "attribute": "due_on", "lead_days": lead, "yearly": yearly, "next": n,
                "otherwise": o,
            } | name,
            to, to, st.integers(-1, 2), st.booleans(),
        ),
        st.builds(lambda n: {"kind": "points", "points": 7, "reason": "走到", "next": n} | name, to),
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


SIGNS = st.one_of(st.none(), st.sampled_from(EVENTS).map(lambda name: {"event": name}))
AGAIN = st.sampled_from(
    [
        {"when": "any", "at_once": 1},
        {"when": "any", "at_once": 2},
        {"when": "never", "at_once": 1},
        {"when": "after_days", "days": 2, "at_once": 2},
    ]
)
GRAPHS = st.builds(
    lambda nodes, goal, leave, again: {"nodes": nodes, "goal": goal, "exits": [leave] if leave else [], "again": again},
    st.integers(1, 7).flatmap(nodes), SIGNS, SIGNS, AGAIN,
)  # fmt: skip
WHO = st.integers(0, PEOPLE - 1)
NODE = st.sampled_from([f"n{n}" for n in range(7)])
DAYS = st.one_of(st.dates(date(2026, 3, 4), date(2026, 3, 14)), st.just(date(2024, 2, 29)))
ENTER = st.tuples(st.just("enter"), WHO, st.sampled_from(["", "", "k"]))
EVENT = st.tuples(
    st.just("event"), WHO, st.sampled_from(EVENTS), st.sampled_from([0, 0, 0, 7])
)  # Hours it was told late.
CLOCK = st.tuples(st.just("clock"), st.integers(1, 5))
PUBLISH = st.tuples(
    st.just("publish"), GRAPHS, st.sampled_from(["finish", "move", "move", "leave"]),
    st.dictionaries(NODE, NODE, min_size=4),
)  # fmt: skip
RARE = st.one_of(
    PUBLISH,
    st.tuples(st.just("merge"), WHO, WHO),
    st.tuples(st.just("say"), WHO, DAYS),
    st.tuples(st.just("look")),
    st.tuples(st.just("again")),
    st.tuples(st.sampled_from(["pause", "resume"])),
)
CRASH = st.tuples(st.just("crash"), st.integers(0, 3), st.one_of(CLOCK, CLOCK, EVENT, ENTER, PUBLISH))
ACTIONS = st.lists(
    st.tuples(st.integers(0, 20), st.one_of(ENTER, EVENT, EVENT, CLOCK, CRASH, RARE)),  # So many hours later.
    max_size=25,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(GRAPHS, ACTIONS)
def test_the_engine_does_what_a_naive_walk_does(monkeypatch, graph, actions):
    monkeypatch.setattr(batches, "MOST_STEPS", MOST_STEPS)
    monkeypatch.setattr(listening, "_known", ((-1, -1), {}))
    monkeypatch.setattr(
        branching.segments, "matching", lambda rule, ids, at: {one for one in ids if is_meant(_raw(rule), one)}
    )
    world, at = World(dict(graph)), START
    for number, (later, action) in enumerate(
        [(0, ("enter", n, "")) for n in range(3)] + actions + [(400, ("clock", 3))]
    ):
        at += timedelta(hours=later, seconds=1)
        world.do(action, at, number)

    world.agree()


def _raw(rule: Any) -> dict[str, Any]:
    return {"tag": rule.tag}


class World:
    """The same journey twice: in the database and by hand."""

    def __init__(self, graph: dict[str, Any]) -> None:
        self.journey = make_journey(**graph)
        self.customers = many_customers(PEOPLE)
        for place, one in enumerate(self.customers):
            one.time_zone = ZONES[place % len(ZONES)]
        Customer.objects.bulk_update(self.customers, ["time_zone"])
        self.ids = [one.pk for one in self.customers]
        zones = {one.pk: one.time_zone for one in self.customers}
        self.naive = Naive(self.journey.pk, self.journey.draft, MOST_STEPS, People(zones))
        self.told: list[Any] = []

    def do(self, action: tuple[Any, ...], at: datetime, number: int) -> None:
        match action:
            case ("crash", calls, cut_short):
                _die(lambda: self.engine(cut_short, at, number), calls)
            case _:
                self.engine(action, at, number)
                self.by_hand(action, at)

    def engine(self, action: tuple[Any, ...], at: datetime, number: int) -> None:
        journey, ids = self.journey, self.ids
        match action:
            case ("enter", who, key):
                enter(journey, [Entrant(ids[who], f"chance:{number}", key)], at)
            case ("event", who, name, late):
                self.told.append(happened(name, ids[who], at - timedelta(hours=late)))
                waking.note_events(self.told[-1:], at)
            case ("again",):
                waking.note_events(self.told, at)
            case ("clock", size):
                walk(journey.pk, at, size=size)
            case ("look",):
                dating.look_again(at)
                outfitting.retire_drained(at)
            case ("say", who, day):
                people.set_attributes([people.AttributeGiven(ids[who], "due_on", day.isoformat(), "chance", at)])
            case ("merge", one, other):
                self._merge(ids[one], ids[other], at)
            case ("publish", graph, way, node_map):
                self._publish(graph, way, node_map, at)
            case (word,):
                Journey.objects.filter(pk=journey.pk).update(state="paused" if word == "pause" else "live")

    def by_hand(self, action: tuple[Any, ...], at: datetime) -> None:
        naive, ids = self.naive, self.ids
        match action:
            case ("enter", who, key):
                naive.enter(ids[who], key, at)
            case ("event", who, name, late):
                naive.event(name, ids[who], at - timedelta(hours=late), at)
            case ("again",):
                for event in self.told:
                    naive.event(event.name, event.customer_id, event.happened_at, at)
            case ("clock", _size):
                naive.clock(at)
            case ("look",):
                naive.look(at)
            case ("say", who, day):
                naive.people.said.append((at, ids[who], day))
            case ("merge", one, other):
                naive.merge(ids[one], ids[other])
            case ("publish", graph, way, node_map):
                naive.publish(self._document(graph), way, _fitting(node_map, graph), at)
            case (word,):
                naive.is_paused = word == "pause"

    def _merge(self, one: int, other: int, at: datetime) -> None:
        roots = people_of = self.naive.people
        one, other = roots.root(one), people_of.root(other)
        if one != other:
            Customer.objects.filter(pk=one).update(merged_into=other)
            Customer.objects.filter(merged_into=one).update(merged_into=other)
        waking.join_walks([other], at)

    def _publish(self, graph: dict[str, Any], way: str, node_map: dict[str, str], at: datetime) -> None:
        version = publish(self.journey, self._document(graph), at=at)
        Journey.objects.filter(pk=self.journey.pk).update(state="paused" if self.naive.is_paused else "live")
        version.succession, version.node_map = way, _fitting(node_map, graph) if way == "move" else {}
        version.save()
        succession.succeed(version, graph_of(version.pk), at)

    def _document(self, graph: dict[str, Any]) -> dict[str, Any]:
        return self.journey.draft | graph | {"variants": [{"name": "x", "share_bp": 10_000, "start": "n0"}]}

    def agree(self) -> None:
        rows = list(Enrolment.objects.filter(journey=self.journey).order_by("pk").select_related("version"))
        assert len(rows) == len(self.naive.walks)
        edges: dict[tuple[int, str, str], int] = {}
        for one, walk_ in zip(rows, self.naive.walks, strict=True):
            assert (one.customer_id, one.key, one.entered_at) == (walk_.customer, walk_.key, walk_.entered_at)
            assert path(one) == walk_.path
            assert (one.state, one.ending, one.due_at) == (walk_.state, walk_.ending, walk_.due_at)
            assert (one.version.number, one.node, one.steps) == (walk_.version, walk_.node, len(walk_.path))
            calls = WebhookCall.objects.filter(enrolment=one).order_by("step").values_list("body__data__node", "step")
            assert list(calls) == walk_.effects
            given = PointsPosting.objects.filter(cause__startswith=f"walk:{one.pk}:").values_list("cause", flat=True)
            assert sorted(given) == sorted(f"walk:{one.pk}:{step}" for step in walk_.given)
        counted = EdgeCount.objects.filter(version__journey=self.journey).values_list("node", "way", "walked")
        for node, way, walked in counted:
            edges[node, way] = edges.get((node, way), 0) + walked
        for walk_ in self.naive.walks:
            for edge in walk_.path:
                edges[edge] = edges.get(edge, 0) - 1
        assert not any(edges.values())


def _fitting(node_map: dict[str, str], graph: dict[str, Any]) -> dict[str, str]:
    return {old: new for old, new in node_map.items() if new in graph["nodes"]}


def _die(work: Any, calls: int) -> None:
    """The process dies in the middle of it, at the latest before the commit: nothing of it is left."""
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
        for place, name in ((batches, "do"), (batches, "write"), (waking, "_end"), (succession, "_move")):
            patch.setattr(place, name, dying(getattr(place, name)))
        try:
            with transaction.atomic():
                work()
                raise Crash
        except Crash:
            pass
