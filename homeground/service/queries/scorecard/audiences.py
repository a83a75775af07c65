"""转化率 by audience (M60): who bought among friends who had bought before, with a tag, in a segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.people.queries import survivors
from homeground.segments.models import Segment
from homeground.segments.queries import members
from homeground.service.queries.scorecard.spans import Span

BOUGHT, TAG, SEGMENT = "bought", "tag", "segment"
_AUDIENCE = (Path(__file__).parents[2] / "sql" / "scorecard_audience.sql").read_text()


@dataclass(frozen=True)
class AudienceLine:
    """One audience: persons who were friends in the span, and those of them who bought in it while they were."""

    label: str
    friends: int
    buyers: int

    @property
    def share(self) -> float | None:
        """Of one; None: nobody is in it."""
        return self.buyers / self.friends if self.friends else None


def audiences(
    span: Span, by: str, *, staff_ids: Sequence[int] | None = None, segments: Sequence[Segment] = ()
) -> list[AudienceLine]:
    """At most 20 audiences, those with most friends first, counted now. A person may be in several.

    by: BOUGHT, TAG or SEGMENT (then of these segments, as last computed). staff_ids: None: everybody's friends.
    """
    persons, names = _members(segments) if by == SEGMENT else ([], [])
    values: dict[str, Any] = {
        "since": span.since, "until": span.until, "by": by, "persons": persons, "names": names,
        "staff": None if staff_ids is None else list(staff_ids),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_AUDIENCE, values)
        return [AudienceLine(*row) for row in cursor.fetchall()]


def _members(segments: Sequence[Segment]) -> tuple[list[int], list[str]]:
    persons: list[int] = []
    names: list[str] = []
    for segment in segments:
        found = sorted(set(survivors(members(segment)).values()))
        persons += found
        names += [segment.name] * len(found)
    return persons, names
