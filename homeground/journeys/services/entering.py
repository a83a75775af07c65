"""入组: letting customers into a journey, many at once: by cause once, by the journey's rules of re-entry, each into an
arm and a variant by hash."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from homeground.core import time
from homeground.events.catalog.journeys import JourneyEntered
from homeground.events.services import record
from homeground.journeys.graph.nodes import Graph
from homeground.journeys.graph.ways_in import Again
from homeground.journeys.holdout import buckets, drawn
from homeground.journeys.models import Arm, Enrolment, Journey, Version
from homeground.journeys.queries import policy_at
from homeground.journeys.services.locking import hold_entry, share_journey
from homeground.journeys.services.walking.arriving import dues
from homeground.journeys.services.walking.graphs import graph_of, version_of
from homeground.people import queries as people
from homeground.people.models import Customer

WAKE = "SELECT pg_notify('journeys_walk', '')"  # Told when the transaction commits: walking.run() listens.
ENTERED, HELD_OUT = "entered", "held_out"
# Why somebody is not let in.
REPEATED, NOT_LIVE, UNKNOWN, INSIDE, TOO_MANY, ALREADY, TOO_SOON = (
    "repeated", "not_live", "unknown", "inside", "too_many_at_once", "already", "too_soon",
)  # fmt: skip
State = Enrolment.State


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who would enter. cause: what let them in; it does so once. key: tells walks of one customer apart.

    at: when it happened, from which waits, goals and exits count; None: now.
    """

    customer_id: int
    cause: str
    key: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Entered:
    """What came of it: how many walk now, how many are held out, how many were refused by reason."""

    entered: int = 0
    held_out: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """An earlier walk of a person, as far as re-entry asks."""

    key: str
    is_inside: bool
    entered_at: datetime


@dataclass(slots=True)
class _New:
    """A walk about to begin."""

    entrant: Entrant
    root: int
    at: datetime
    arm: str = Arm.TREATED
    variant: str = ""
    node: str = ""
    due_at: datetime | None = None
    id: int = 0


def enter(journey: Journey, given: Sequence[Entrant], at: datetime | None = None) -> Entered:
    """Let customers in, each by its cause once. A repeat lets nobody in again.

    A paused journey lets people in, who stand at its start until it goes on. Merged customers enter as who they are.
    """
    said = Counter(let_in(journey, given, at))
    return Entered(said.pop(ENTERED, 0), said.pop(HELD_OUT, 0), dict(said))


@transaction.atomic
def let_in(journey: Journey, given: Sequence[Entrant], at: datetime | None = None) -> list[str]:
    """The same, saying of each in the order given: entered, held_out, or why not."""
    at = at or time.now()
    share_journey(journey.pk)
    now = Journey.objects.get(pk=journey.pk)
    if now.state not in (Journey.State.LIVE, Journey.State.PAUSED) or now.live_id is None:
        return [NOT_LIVE] * len(given)
    hold_entry(journey.pk)
    verdicts, new = _judge(now, graph_of(now.live_id).again, given, at)
    if new:
        version = version_of(now.live_id)
        _draw(now, version, graph_of(version.pk), list(new.values()), at)
        _write(now, version, list(new.values()), at)
    for place, one in new.items():
        verdicts[place] = ENTERED if one.arm == Arm.TREATED else HELD_OUT
    return verdicts


def in_global_holdout(roots: NDArray[np.int64], at: datetime) -> NDArray[np.bool_]:
    """Of each of these persons, whether no promotion reaches them."""
    everywhere = policy_at(at).holdout
    if everywhere is None or not everywhere.share_bp:
        return np.zeros(len(roots), bool)
    return buckets(everywhere.salt, roots) < everywhere.share_bp


def _judge(journey: Journey, again: Again, given: Sequence[Entrant], at: datetime) -> tuple[list[str], dict[int, _New]]:
    """Why not, of each that is refused; and those who enter, by their place among the given."""
    ids = people.all_ids_of([one.customer_id for one in given])
    known = _causes(journey, given)
    walks = _walks(journey, ids)
    verdicts, new = [""] * len(given), {}
    for place, one in enumerate(given):
        root, moment = ids.get(one.customer_id, 0), one.at or at
        if refusal := _refusal(one, root, known, walks[root], again, moment):
            verdicts[place] = refusal
            continue
        new[place] = _New(one, root, moment)
        known.add(one.cause)
        walks[root].append(_Walk(one.key, True, moment))
    return verdicts, new


def _refusal(one: Entrant, root: int, known: set[str], walks: Sequence[_Walk], again: Again, moment: datetime) -> str:
    if one.cause in known:
        return REPEATED
    if not root:
        return UNKNOWN
    return _by_rule(again, walks, one.key, moment) if walks else ""


def _by_rule(again: Again, walks: Sequence[_Walk], key: str, moment: datetime) -> str:
    same = [walk for walk in walks if walk.key == key]
    if any(walk.is_inside for walk in same):
        return INSIDE
    if sum(walk.is_inside for walk in walks) >= again.at_once:
        return TOO_MANY
    if same and again.when == "never":
        return ALREADY
    if same and again.when == "after_days":
        newest = max(walk.entered_at for walk in same)
        return TOO_SOON if moment < newest + timedelta(days=again.days or 0) else ""
    return ""


def _causes(journey: Journey, given: Sequence[Entrant]) -> set[str]:
    causes = [one.cause for one in given]
    return set(Enrolment.objects.filter(journey=journey, cause__in=causes).values_list("cause", flat=True))


def _walks(journey: Journey, ids: Mapping[int, int]) -> defaultdict[int, list[_Walk]]:
    found: defaultdict[int, list[_Walk]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_WALKS, {"journey_id": journey.pk, "ids": list(ids)})
        for customer, key, state, entered_at in cursor.fetchall():
            found[ids[customer]].append(_Walk(key, state != State.ENDED, entered_at))
    return found


def _draw(journey: Journey, version: Version, graph: Graph, new: Sequence[_New], at: datetime) -> None:
    """Arm, variant and first position of each."""
    roots = np.array([one.root for one in new], np.int64)
    shares = [(one.name, one.share_bp) for one in graph.variants]
    variants = drawn(shares, buckets(f"journey:{journey.pk}:variants", roots))
    for one, arm, variant in zip(new, _arms(journey, version, roots, at), variants, strict=True):
        one.arm, one.variant = arm, variant
    starts = {one.name: one.start for one in graph.variants}
    zones = _zones(new)
    for name, start in starts.items():
        walking = [one for one in new if one.variant == name and one.arm == Arm.TREATED]
        for one, due in zip(walking, dues(graph.nodes[start], _arrivals(walking, zones)), strict=True):
            one.node, one.due_at = start, due


def _arms(journey: Journey, version: Version, roots: NDArray[np.int64], at: datetime) -> list[str]:
    """The global holdout first, for whoever would get a promotion; then the journey's own."""
    arms = np.where(buckets(f"journey:{journey.pk}", roots) < journey.holdout_bp, Arm.HOLDOUT, Arm.TREATED)
    if version.is_promotion:
        arms = np.where(in_global_holdout(roots, at), Arm.GLOBAL_HOLDOUT, arms)
    return [str(arm) for arm in arms.tolist()]


def _zones(new: Sequence[_New]) -> dict[int, str]:
    own = Customer.objects.filter(pk__in=[one.root for one in new]).exclude(time_zone="")
    return dict(own.values_list("pk", "time_zone"))


def _arrivals(walking: Iterable[_New], zones: Mapping[int, str]) -> list[tuple[int, str, datetime]]:
    home = people.brand().time_zone
    return [(one.root, zones.get(one.root, home), one.at) for one in walking]


def _write(journey: Journey, version: Version, new: Sequence[_New], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [len(new)])
        for one, (number,) in zip(new, cursor.fetchall(), strict=True):
            one.id = number
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            for one in new:
                copy.write_row(_row(journey, version, one))
        cursor.execute(WAKE)
    record(*(_exposure(journey, version, one) for one in new))


def _row(journey: Journey, version: Version, one: _New) -> tuple[Any, ...]:
    state = State.WALKING if one.arm == Arm.TREATED else State.HELD_OUT
    return (
        one.id, journey.pk, version.pk, one.root, one.entrant.key[:100], one.entrant.cause, one.arm, one.variant,
        one.at, state, one.node, one.at, one.due_at, 0, "", "",
    )  # fmt: skip


def _exposure(journey: Journey, version: Version, one: _New) -> JourneyEntered:
    return JourneyEntered(
        customer_id=one.root, happened_at=one.at, journey=journey.slug, version=version.number, enrolment_id=one.id,
        arm=one.arm, variant=one.variant,
    )  # fmt: skip


_WALKS = """
SELECT customer_id, key, state, entered_at FROM journeys_enrolment
WHERE journey_id = %(journey_id)s AND customer_id = ANY(%(ids)s::bigint[])
"""
_NUMBERS = "SELECT nextval(pg_get_serial_sequence('journeys_enrolment', 'id')) FROM generate_series(1, %s)"
_COPY = (
    "COPY journeys_enrolment (id, journey_id, version_id, customer_id, key, cause, arm, variant, entered_at, state,"
    " node, arrived_at, due_at, steps, ending, error) FROM STDIN"
)
