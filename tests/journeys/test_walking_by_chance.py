"""The engine against a naive walk of the same journey: random graphs, events told late and twice, clocks, dates that
move, merges, new versions, pauses and crashes."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
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
from tests.journeys.chance import BEGINNING, END, PEOPLE, actions, graph
from tests.journeys.engine import happened, make_journey, many_customers, path, publish
from tests.journeys.naive import Naive, People, is_meant

pytestmark = pytest.mark.django_db
MOST_STEPS = 30
START = datetime(2026, 3, 6, 12, tzinfo=UTC)  # Two days before the clocks change in New York.
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
Twice = tuple[Callable[[datetime], object], Callable[[datetime], object]]


class Crash(BaseException):
    """The process dies here."""


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.integers(0, 2**32 - 1), st.integers(25, 45))
def test_the_engine_does_what_a_naive_walk_does(monkeypatch, seed, length):
    monkeypatch.setattr(batches, "MOST_STEPS", MOST_STEPS)
    monkeypatch.setattr(listening, "_known", ((-1, -1), {}))
    monkeypatch.setattr(
        branching.segments, "matching", lambda rule, ids, at: {one for one in ids if is_meant({"tag": rule.tag}, one)}
    )
    chance = Random(seed)
    world, at = World(graph(chance)), START
    for later, action in BEGINNING + actions(chance, length) + END:
        at += timedelta(hours=later, seconds=1)
        world.do(action, at)

    world.agree()


class World:
    """The same journey twice. Each action says what it is in the database, and what it is by hand."""

    def __init__(self, graph: dict[str, Any]) -> None:
        self.journey = make_journey(**graph)
        customers = many_customers(PEOPLE)
        for place, one in enumerate(customers):
            one.time_zone = ZONES[place % len(ZONES)]
        Customer.objects.bulk_update(customers, ["time_zone"])
        zones = {one.pk: one.time_zone for one in customers}
        self.ids = list(zones)
        self.naive = Naive(self.journey.pk, self.journey.draft, MOST_STEPS, People(zones))
        self.told: list[Any] = []
        self.causes = count()

    def do(self, action: tuple[Any, ...], at: datetime) -> None:
        if action[0] == "crash":
            _word, calls, (word, *given) = action
            ours, _by_hand = getattr(self, word)(*given)
            _die(lambda: ours(at), calls)
        else:
            word, *given = action
            for side in getattr(self, word)(*given):
                side(at)

    def enter(self, some: list[int], key: str) -> Twice:
        entrants = [Entrant(self.ids[who], f"chance:{next(self.causes)}", key) for who in some]

        def by_hand(at: datetime) -> None:
            for one in entrants:
                self.naive.enter(one.customer_id, key, at)

        return lambda at: enter(self.journey, entrants, at), by_hand

    def event(self, some: list[int], name: str, hours_late: int) -> Twice:
        late = timedelta(hours=hours_late)

        def ours(at: datetime) -> None:
            events = [happened(name, self.ids[who], at - late) for who in some]
            self.told += events
            waking.note_events(events, at)

        def by_hand(at: datetime) -> None:
            for who in some:
                self.naive.event(name, self.ids[who], at - late, at)

        return ours, by_hand

    def again(self) -> Twice:
        def by_hand(at: datetime) -> None:
            for event in self.told:
                self.naive.event(event.name, event.customer_id, event.happened_at, at)

        return lambda at: waking.note_events(self.told, at), by_hand

    def clock(self, size: int) -> Twice:
        return lambda at: walk(self.journey.pk, at, size=size), self.naive.clock

    def look(self) -> Twice:
        return lambda at: (dating.look_again(at), outfitting.retire_drained(at)), self.naive.look

    def say(self, some: list[int], day: date) -> Twice:
        def ours(at: datetime) -> None:
            people.set_attributes(
                people.AttributeGiven(self.ids[who], "due_on", day.isoformat(), "chance", at) for who in some
            )

        return ours, lambda at: self.naive.people.said.extend((at, self.ids[who], day) for who in some)

    def merge(self, who: int, into: int) -> Twice:
        one, other = (self.naive.people.root(self.ids[place]) for place in (who, into))

        def ours(at: datetime) -> None:
            if one != other:
                Customer.objects.filter(pk=one).update(merged_into=other)
                Customer.objects.filter(merged_into=one).update(merged_into=other)
            waking.join_walks([other], at)

        return ours, lambda _at: self.naive.merge(one, other)

    def publish(self, graph: dict[str, Any], way: str, node_map: dict[str, str]) -> Twice:
        document = self.journey.draft | graph | {"variants": [{"name": "x", "share_bp": 10_000, "start": "n0"}]}
        fitting = {old: new for old, new in node_map.items() if new in graph["nodes"]} if way == "move" else {}

        def ours(at: datetime) -> None:
            version = publish(self.journey, document, at=at)
            self._set_state(self.naive.is_paused)
            version.succession, version.node_map = way, fitting
            version.save()
            succession.succeed(version, graph_of(version.pk), at)

        return ours, lambda at: self.naive.publish(document, way, fitting, at)

    def pause(self, is_paused: bool = True) -> Twice:
        return lambda _at: self._set_state(is_paused), lambda _at: setattr(self.naive, "is_paused", is_paused)

    def resume(self) -> Twice:
        return self.pause(False)

    def _set_state(self, is_paused: bool) -> None:
        Journey.objects.filter(pk=self.journey.pk).update(state="paused" if is_paused else "live")

    def agree(self) -> None:
        rows = list(Enrolment.objects.filter(journey=self.journey).order_by("pk").select_related("version"))
        assert len(rows) == len(self.naive.walks)
        for one, walk_ in zip(rows, self.naive.walks, strict=True):
            assert (one.customer_id, one.key, one.entered_at) == (walk_.customer, walk_.key, walk_.entered_at)
            assert path(one) == walk_.path
            assert (one.state, one.ending, one.due_at) == (walk_.state, walk_.ending, walk_.due_at)
            assert (one.version.number, one.node, one.steps) == (walk_.version, walk_.node, len(walk_.path))
            calls = WebhookCall.objects.filter(enrolment=one).order_by("step").values_list("body__data__node", "step")
            assert list(calls) == walk_.effects
            given = PointsPosting.objects.filter(cause__startswith=f"walk:{one.pk}:").values_list("cause", flat=True)
            assert sorted(given) == sorted(f"walk:{one.pk}:{step}" for step in walk_.given)
        edges = Counter(edge for walk_ in self.naive.walks for edge in walk_.path)
        counted = EdgeCount.objects.filter(version__journey=self.journey).values_list("node", "way", "walked")
        for node, way, walked in counted:
            edges[node, way] -= walked
        assert not any(edges.values())


def _die(work: Callable[[], object], calls: int) -> None:
    """The process dies in the middle of it, at the latest before the commit: nothing of it is left."""
    left = count(calls, -1)

    def dying(honest: Callable[..., Any]) -> Callable[..., Any]:
        def work(*args: Any, **more: Any) -> Any:
            said = honest(*args, **more)
            if next(left) <= 0:
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
