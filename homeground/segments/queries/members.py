"""Segments and who belongs to them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from homeground.events import warehouse
from homeground.segments.errors import SegmentUnknown
from homeground.segments.models import Segment

SQL = Path(__file__).parent.parent / "sql"


def members(segment: Segment) -> list[int]:
    """The customers of the newest generation, as they are now (merges since then are followed), ascending."""
    found = warehouse.frame(SQL / "members.sql", segment=segment.pk, generation=segment.generation)
    return [int(one) for one in found["survivor"].to_list()]


def member_page(segment: Segment, *, after: int = 0, size: int = 50) -> list[int]:
    """One page of members, ascending, those above `after`."""
    place = {"segment": segment.pk, "generation": segment.generation, "after": after, "size": size}
    return [int(one) for one in warehouse.frame(SQL / "member_page.sql", **place)["customer_id"].to_list()]


def live_customers() -> int:
    """How many customers there are, merged ones counted once."""
    return int(warehouse.value("SELECT count() FROM events.customers FINAL WHERE into_id = customer_id"))


def slugs_used(slugs: Sequence[str]) -> set[str]:
    """Which of these slugs are taken, archived segments included."""
    return set(Segment.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def segment_of(slug: str) -> Segment:
    """The segment of this slug that is not archived. Raises SegmentUnknown."""
    segment = Segment.objects.listed().filter(slug=slug).first()
    if segment is None:
        raise SegmentUnknown(slug)
    return segment


@dataclass(frozen=True)
class Described:
    """A segment for programs. Moments are UTC; None: never computed."""

    slug: str
    name: str
    link: str
    is_dynamic: bool
    rule: Any
    customers: int
    generation: int
    as_of: datetime | None
    refreshed_at: datetime | None
    failure: str

    @classmethod
    def of(cls, segment: Segment) -> "Described":
        """The row, without what only the room itself needs."""
        return cls(**{field.name: getattr(segment, field.name) for field in fields(cls)})

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }
