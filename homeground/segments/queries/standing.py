"""In which segments one person stands, since when, and how they came and went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homeground.events import warehouse
from homeground.segments.models import Segment
from homeground.segments.queries.members import SQL


@dataclass(frozen=True)
class Coming:
    """One entering (or leaving) of a segment, with the generation that found it."""

    is_entry: bool
    segment: str  # Its slug.
    generation: int
    at: datetime  # Events up to then were counted.


@dataclass(frozen=True)
class Standing:
    """A segment and one person: a member of its newest generation or not, and the comings and goings, newest first."""

    segment: Segment
    is_member: bool
    comings: Sequence[Coming]

    @property
    def entered(self) -> Coming | None:
        """The newest entering of a member; None where it is not known (older than the stream keeps)."""
        return next((one for one in self.comings if one.is_entry), None) if self.is_member else None


def standing(segment: Segment, ids: Sequence[int]) -> Standing:
    """How one person (all their ids) stands to one segment."""
    return Standing(segment, bool(_memberships([segment], ids)), _comings(ids, segment.slug))


def standings_of(ids: Sequence[int]) -> list[Standing]:
    """The segments of which one person (all their ids) is a member now, by name."""
    segments = list(Segment.objects.listed().filter(generation__gt=0).order_by("name", "pk"))
    mine, comings = _memberships(segments, ids), _comings(ids, "")
    return [
        Standing(segment, True, [one for one in comings if one.segment == segment.slug])
        for segment in segments
        if segment.pk in mine
    ]


def _memberships(segments: Sequence[Segment], ids: Sequence[int]) -> set[int]:
    found = warehouse.frame(
        SQL / "memberships.sql",
        segments=[segment.pk for segment in segments],
        generations=[segment.generation for segment in segments],
        ids=list(ids),
    )
    return {int(one) for one in found["segment_id"].to_list()} if found.height else set()


def _comings(ids: Sequence[int], slug: str) -> list[Coming]:
    return warehouse.rows(Coming, SQL / "comings.sql", ids=list(ids), slug=slug)
