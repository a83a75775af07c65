"""How journeys fare: who is inside and where, who left and why. A few set queries, however many people."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from homeground.core import time
from homeground.journeys.errors import NoSuchJourney
from homeground.journeys.models import EdgeCount, Enrolment, Journey, Version
from homeground.people import queries as people

State, Ending = Enrolment.State, Enrolment.Ending


@dataclass(frozen=True)
class Numbers:
    """The walks of one journey. endings: of those that are over, by why (Enrolment.Ending)."""

    walking: int = 0
    held_out: int = 0
    entered_today: int = 0  # Of the brand's day, those held out included.
    endings: Mapping[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """Walks that are over, for whatever reason."""
        return sum(self.endings.values())


@dataclass(frozen=True)
class Counts:
    """Where the people of one version are. edges: by (node, way), how many went there so far."""

    at: Mapping[str, int]  # Walking now, by node.
    failed: Mapping[str, int]  # Walks that ended with an error, by node.
    edges: Mapping[tuple[str, str], int]


def journey_of(slug: str) -> Journey:
    """The journey of this slug. Raises NoSuchJourney."""
    journey = Journey.objects.select_related("live").filter(slug=slug).first()
    if journey is None:
        raise NoSuchJourney(slug)
    return journey


def numbers(journey_ids: Sequence[int], at: datetime | None = None) -> dict[int, Numbers]:
    """The numbers of each of these journeys, of one that nobody entered too. Three queries."""
    inside = Enrolment.objects.filter(journey__in=journey_ids)
    walking = _by(inside.filter(state=State.WALKING), "journey")
    today = _by(inside.filter(entered_at__gte=_midnight(at or time.now())), "journey")
    held_out: Counter[int] = Counter()
    endings: dict[int, dict[str, int]] = defaultdict(dict)
    over = inside.filter(~Q(state=State.WALKING)).order_by()
    for journey, state, ending, count in over.values_list("journey", "state", "ending").annotate(count=Count("*")):
        if state == State.HELD_OUT:
            held_out[journey] = count
        else:
            endings[journey][ending] = count
    return {pk: Numbers(walking.get(pk, 0), held_out[pk], today.get(pk, 0), endings.get(pk, {})) for pk in journey_ids}


def counts(version_id: int) -> Counts:
    """Where everybody of a version is, and how many went which way. Three queries."""
    walks = Enrolment.objects.filter(version=version_id)
    edges = EdgeCount.objects.filter(version=version_id).values_list("node", "way", "walked")
    journey = Version.objects.values_list("journey", flat=True).get(pk=version_id)
    failed = walks.filter(journey=journey, state=State.ENDED, ending=Ending.FAILED)
    return Counts(
        at=_by(walks.filter(state=State.WALKING), "node"),
        failed=_by(failed, "node"),
        edges={(node, way): walked for node, way, walked in edges},
    )


def inside_by_version(journey: Journey) -> list[tuple[Version, int]]:
    """The versions on which somebody walks, newest first, with how many; the live one in any case."""
    walking = _by(Enrolment.objects.filter(journey=journey, state=State.WALKING), "version")
    wanted = {*walking, *([journey.live_id] if journey.live_id else [])}
    return [(one, walking.get(one.pk, 0)) for one in Version.objects.filter(pk__in=wanted).order_by("-number")]


def walkers_at(version_id: int, node: str) -> QuerySet[Enrolment]:
    """Who stands at a node, for ui.paging.page_of by the default key: the newest walk first."""
    walks = Enrolment.objects.filter(version=version_id, node=node, state=State.WALKING)
    return walks.select_related("customer")


def walks_of(journey: Journey, *, state: str = "", ending: str = "") -> QuerySet[Enrolment]:
    """The walks of a journey, for ui.paging.page_of by NEWEST_WALKS."""
    walks = journey.enrolments.select_related("customer")
    if state:
        walks = walks.filter(state=state)
    return walks.filter(ending=ending) if ending else walks


NEWEST_WALKS = ("-entered_at", "-pk")


def _by(walks: QuerySet[Enrolment], name: str) -> dict[Any, int]:
    return dict(walks.order_by().values_list(name).annotate(count=Count("*")))


def _midnight(at: datetime) -> datetime:
    zone = people.brand().time_zone
    return time.start_of(time.day_of(at, zone), zone)
