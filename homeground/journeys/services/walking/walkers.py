"""What the engine knows of one walk while it moves it, and what a node may say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.journeys.models import Enrolment, Journey, Version

State, Ending = Enrolment.State, Enrolment.Ending


@dataclass(slots=True)
class Walker:
    """One claimed walk: where it stands. customer_id: who the person is now; zone: theirs, or the brand's.

    trail: what it did in this batch, a number of Trails.
    """

    id: int
    customer_id: int
    zone: str
    version_id: int
    node: str
    steps: int
    is_woken: bool
    due_at: datetime | None
    trail: int = 0
    has_acted: bool = False  # What it did in this batch is not committed yet.
    ending: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """The walk leaves the node by this way. to: None is the end of the journey, with this ending."""

    way: str
    to: str | None
    detail: dict[str, Any] | None = None
    ending: str = Ending.FINISHED


@dataclass(frozen=True, slots=True)
class Stay:
    """It goes on waiting, until then."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Fail:
    """The node cannot bear this walk."""

    error: str


Said = Move | Stay | Fail


@dataclass(frozen=True)
class Place:
    """A node of a version at a moment: where a group of walkers stands. step: the node's model."""

    journey: Journey
    version: Version
    node: str
    step: Any
    at: datetime


def onwards(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """All of them by the way "next"."""
    return [Move("next", place.step.next)] * len(walkers)
