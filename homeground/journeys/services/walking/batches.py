"""A batch: walks of one journey that are due are claimed, moved on in groups by version and node, and written back, in
one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from homeground.core import time
from homeground.events.catalog.journeys import JourneyLeft
from homeground.events.services import record
from homeground.journeys.graph.nodes import Act, Branch, HandOver
from homeground.journeys.models import Journey
from homeground.journeys.services.locking import share_journey
from homeground.journeys.services.touches import drop_for_ended
from homeground.journeys.services.walking.arriving import WAITS, dues
from homeground.journeys.services.walking.dates import SQL
from homeground.journeys.services.walking.doing import do
from homeground.journeys.services.walking.graphs import graph_of, version_of
from homeground.journeys.services.walking.walkers import Ending, Fail, Move, Place, Said, Stay, Walker
from homeground.people import queries as people

SIZE = 2000  # Walks a batch.
MOST_STEPS = 1000  # Of one walk: a loop comes to an end.
_MOST_ROUNDS = 20  # Nodes that a batch takes one walk through.
_CLAIM, _MOVE, _EDGES = ((SQL / name).read_text() for name in ("claim.sql", "move.sql", "edges.sql"))
_COPY = "COPY journeys_steptaken (enrolment_id, number, version_id, node, way, at, detail) FROM STDIN"
Step = tuple[int, int, int, str, str, datetime, str | None]


@dataclass
class Run:
    """One batch under way: its journey and moment, and the steps taken so far."""

    journey: Journey
    at: datetime
    home: str
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Done:
    """What a batch did: walks claimed and steps taken; nothing claimed: nothing is due."""

    claimed: int = 0
    steps: int = 0


@transaction.atomic
def walk_batch(journey_id: int, at: datetime | None = None, size: int = SIZE) -> Done:
    """Claim what is due and move it on as far as it goes without waiting. A paused journey stays where it is."""
    share_journey(journey_id)
    journey = Journey.objects.get(pk=journey_id)
    if journey.state != Journey.State.LIVE:
        return Done()
    home = people.brand().time_zone
    if not (walkers := _claim(journey_id, at or time.now(), size, home)):
        return Done()
    # The moment comes after the claim: what happens from now on finds these rows locked, and waits for what we write.
    run = Run(journey, at or time.now(), home)
    _walk(run, walkers)
    _write(run, walkers)
    return Done(len(walkers), len(run.steps))


def _claim(journey_id: int, at: datetime, size: int, home: str) -> list[Walker]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"journey_id": journey_id, "at": at, "size": size})
        return [
            Walker(id_, person, zone or home, version, node, steps, arrived_at, due_at, woken_at)
            for id_, person, zone, version, node, steps, arrived_at, due_at, woken_at in cursor.fetchall()
        ]


def _walk(run: Run, walkers: Sequence[Walker]) -> None:
    waiting: Sequence[Walker] = walkers
    for number in range(_MOST_ROUNDS):
        groups = _groups(run, waiting, is_first=not number)
        for place, group in groups:
            _arrive(run, place, _step(run, place, group))
        waiting = [one for _place, group in groups for one in group if _goes_on(one, run.at)]


def _goes_on(walker: Walker, at: datetime) -> bool:
    return not walker.ending and walker.due_at is not None and walker.due_at <= at


def _groups(run: Run, walkers: Iterable[Walker], is_first: bool) -> list[tuple[Place, list[Walker]]]:
    """Walkers by version and node. What must not be done yet is left out: it is due, and the next batch does it."""
    found: defaultdict[tuple[int, str], list[Walker]] = defaultdict(list)
    for one in walkers:
        found[one.version_id, one.node].append(one)
    places = [(_place(run, *key), group) for key, group in found.items()]
    ready = [(place, _ready(place, group, is_first)) for place, group in places]
    return sorted(((place, group) for place, group in ready if group), key=_order)


def _ready(place: Place, group: list[Walker], is_first: bool) -> list[Walker]:
    match place.step:
        case HandOver() if not is_first:
            return []
        case Branch():  # A rule sees what is committed: not what the walk did in this batch.
            return [one for one in group if not one.has_acted]
    return group


def _order(one: tuple[Place, list[Walker]]) -> tuple[str, int, str]:
    # Those who hand over come last and by journey: two batches never wait for each other's entrance in a ring.
    step = one[0].step
    return (step.journey if isinstance(step, HandOver) else "", one[0].version.pk, one[0].node)


def _place(run: Run, version_id: int, node: str) -> Place:
    return Place(run.journey, version_of(version_id), node, graph_of(version_id).nodes.get(node), run.at)


def _step(run: Run, place: Place, group: Sequence[Walker]) -> list[Walker]:
    """Have the node act on a group and note what it said. Returns those who came to another node."""
    walkers = [one for one in group if _may_step(place, one)]
    moved = []
    for one, said in do(place, walkers) if walkers else ():
        one.has_acted |= isinstance(place.step, Act)
        if _note(run, place, one, said):
            moved.append(one)
    return moved


def _may_step(place: Place, walker: Walker) -> bool:
    if place.step is None:
        walker.ending, walker.error = Ending.FAILED, "NoSuchNode"
    elif walker.steps >= MOST_STEPS:
        walker.ending = Ending.TOO_MANY_STEPS
    return not walker.ending


def _note(run: Run, place: Place, walker: Walker, said: Said) -> bool:
    match said:
        case Fail():
            walker.ending, walker.error = Ending.FAILED, said.error
        case Stay():
            walker.due_at = said.due_at
        case Move():
            walker.steps += 1
            detail = orjson.dumps(said.detail).decode() if said.detail else None
            run.steps.append((walker.id, walker.steps, walker.version_id, place.node, said.way, run.at, detail))
            walker.node, walker.woken_at, walker.arrived_at = said.to or "", None, run.at
            walker.ending = "" if said.to else said.ending
            return bool(said.to)
    return False


def _arrive(run: Run, place: Place, moved: Sequence[Walker]) -> None:
    """When those who came to other nodes are due there."""
    nodes = graph_of(place.version.pk).nodes
    by_node: defaultdict[str, list[Walker]] = defaultdict(list)
    for one in moved:
        one.due_at = run.at
        if isinstance(nodes.get(one.node), WAITS):
            by_node[one.node].append(one)
    for node, group in by_node.items():
        arrivals = [(one.customer_id, one.zone, one.arrived_at) for one in group]
        for one, due in zip(group, dues(nodes[node], arrivals), strict=True):
            one.due_at = due


def _write(run: Run, walkers: Sequence[Walker]) -> None:
    ended = [one for one in walkers if one.ending]
    for one in ended:
        one.due_at = None
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, _columns(walkers) | {"at": run.at})
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            for row in run.steps:
                copy.write_row(row)
    if stopped := [one.id for one in ended if one.ending in (Ending.FAILED, Ending.TOO_MANY_STEPS)]:
        drop_for_ended(stopped)
    record(*(_left(run, one) for one in ended))
    _count_edges(run.steps)


def _columns(walkers: Sequence[Walker]) -> dict[str, list[Any]]:
    return {
        "ids": [one.id for one in walkers],
        "nodes": [one.node for one in walkers],
        "arrived": [one.arrived_at for one in walkers],
        "due": [one.due_at for one in walkers],
        "woken": [one.woken_at for one in walkers],
        "steps": [one.steps for one in walkers],
        "endings": [one.ending for one in walkers],
        "errors": [one.error for one in walkers],
    }


def _left(run: Run, walker: Walker) -> JourneyLeft:
    return JourneyLeft(
        customer_id=walker.customer_id, happened_at=run.at, journey=run.journey.slug, enrolment_id=walker.id,
        ending=walker.ending,
    )  # fmt: skip


def _count_edges(steps: Sequence[Step]) -> None:
    walked = Counter((version, node, way) for _id, _number, version, node, way, _at, _detail in steps)
    if walked:
        versions, nodes, ways = zip(*walked, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                _EDGES,
                {"versions": list(versions), "nodes": list(nodes), "ways": list(ways), "walked": list(walked.values())},
            )
