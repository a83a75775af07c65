"""A batch: walks of one journey that are due are claimed, moved on in groups by version and node, and written back, in
one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from homeground.core import time
from homeground.journeys.graph.nodes import Act, Branch, HandOver
from homeground.journeys.models import Journey
from homeground.journeys.services.locking import share_journey
from homeground.journeys.services.walking.arriving import WAITS, dues
from homeground.journeys.services.walking.dates import SQL
from homeground.journeys.services.walking.doing import do
from homeground.journeys.services.walking.graphs import graph_of, version_of
from homeground.journeys.services.walking.trails import Trails
from homeground.journeys.services.walking.walkers import Ending, Fail, Move, Place, Said, Stay, Walker
from homeground.journeys.services.walking.writing import write
from homeground.people import queries as people

SIZE = 5000  # Walks a batch: about a third of a second, after which a pause takes effect.
MOST_STEPS = 1000  # Of one walk: a loop comes to an end.
_MOST_ROUNDS = 20  # Nodes that a batch takes one walk through.
_CLAIM = (SQL / "claim.sql").read_text()


@dataclass(frozen=True)
class Run:
    """One batch under way."""

    journey: Journey
    at: datetime
    trails: Trails = field(default_factory=Trails)


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
    if not (walkers := _claim(journey_id, at or time.now(), size)):
        return Done()
    # The moment comes after the claim: what happens from now on finds these rows locked, and waits for what we write.
    run = Run(journey, at or time.now())
    _walk(run, walkers)
    return Done(len(walkers), write(journey, walkers, run.trails, run.at))


def _claim(journey_id: int, at: datetime, size: int) -> list[Walker]:
    home = people.brand().time_zone
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"journey_id": journey_id, "at": at, "size": size})
        return [
            Walker(id_, person, zone or home, version, node, steps, is_woken, at)
            for id_, person, zone, version, node, steps, is_woken in cursor.fetchall()
        ]


def _walk(run: Run, walkers: Sequence[Walker]) -> None:
    waiting: Sequence[Walker] = walkers
    for number in range(_MOST_ROUNDS):
        groups = _groups(run, waiting, is_first=not number)
        if not groups:
            break
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
    acts = isinstance(place.step, Act)
    moved = []
    for one, said in do(place, walkers) if walkers else ():
        one.has_acted |= acts
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
    if isinstance(said, Move):
        walker.steps += 1
        walker.trail = run.trails.extend(walker.trail, walker.version_id, place.node, said)
        walker.is_woken = False
        walker.node, walker.ending = said.to or "", "" if said.to else said.ending
        return bool(said.to)
    if isinstance(said, Fail):
        walker.ending, walker.error = Ending.FAILED, said.error
    elif isinstance(said, Stay):
        walker.due_at = said.due_at
    return False


def _arrive(run: Run, place: Place, moved: Sequence[Walker]) -> None:
    """When those who came to other nodes are due there."""
    nodes = graph_of(place.version.pk).nodes
    by_node: defaultdict[str, list[Walker]] = defaultdict(list)
    for one in moved:
        one.due_at = run.at
        by_node[one.node].append(one)
    for node, group in by_node.items():
        if isinstance(nodes.get(node), WAITS):
            arrivals = [(one.customer_id, one.zone, run.at) for one in group]
            for one, due in zip(group, dues(nodes[node], arrivals), strict=True):
                one.due_at = due
