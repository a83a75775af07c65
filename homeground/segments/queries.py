"""Reads of segments: what rules may name, who belongs, how membership moved."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import ForeignObjectRel

from homeground.core import money
from homeground.events import warehouse
from homeground.people.models import Attribute
from homeground.people.queries import brand
from homeground.segments.errors import SegmentUnknown
from homeground.segments.models import Segment
from homeground.segments.rules.dictionary import Dictionary, Known, StaticList
from homeground.segments.rules.nodes import InSegment, Node
from homeground.segments.rules.parse import parse, walk

SQL = Path(__file__).parent / "sql"


def dictionary_for(rule: Node) -> Dictionary:
    """What this rule is read against: the brand, its attributes, and the segments that it names, however far off."""
    place = brand()
    return Dictionary(
        zone=place.time_zone,
        currency=place.currency,
        digits=money.digits(place.currency),
        attributes={
            key: Known(kind, is_personal)
            for key, kind, is_personal in Attribute.objects.values_list("key", "kind", "is_personal")
        },
        segments=_named_segments(rule),
    )


def _named_segments(rule: Node) -> dict[str, Node | StaticList]:
    found: dict[str, Node | StaticList] = {}
    wanted = slugs_in(rule)
    while wanted:
        segments = Segment.objects.listed().filter(slug__in=wanted)
        level = {segment.slug: _inside(segment) for segment in segments}
        found |= level
        wanted = {slug for inside in level.values() for slug in _slugs_inside(inside)} - found.keys()
    return found


def _inside(segment: Segment) -> Node | StaticList:
    return parse(segment.rule) if segment.is_dynamic else StaticList(segment.pk, segment.generation)


def _slugs_inside(inside: Node | StaticList) -> set[str]:
    return set() if isinstance(inside, StaticList) else slugs_in(inside)


def slugs_in(rule: Node) -> set[str]:
    """The segments that a rule names itself."""
    return {node.segment for _, node in walk(rule) if isinstance(node, InSegment)}


def members(segment: Segment) -> list[int]:
    """The customers of the newest generation, as they are now (merges since then are followed), ascending."""
    found = warehouse.frame(SQL / "members.sql", segment=segment.pk, generation=segment.generation)
    return [int(one) for one in found["survivor"].to_list()]


def member_page(segment: Segment, *, after: int = 0, size: int = 50) -> list[int]:
    """One page of members, ascending, those above `after`."""
    place = {"segment": segment.pk, "generation": segment.generation, "after": after, "size": size}
    return [int(one) for one in warehouse.frame(SQL / "member_page.sql", **place)["customer_id"].to_list()]


@dataclass(frozen=True)
class User:
    """Something that stands on a segment."""

    kind: str  # As it is called on screen.
    name: str


def users_of(segment: Segment) -> list[User]:
    """The segments whose rules name this one, and the rows of rooms above that point to it."""
    return [*_segments_naming(segment.slug), *_rows_pointing_to(segment)]


def _segments_naming(slug: str) -> Iterable[User]:
    for other in Segment.objects.listed().filter(rule__isnull=False, is_dynamic=True).exclude(slug=slug):
        if slug in slugs_in(parse(other.rule)):
            yield User(str(Segment._meta.verbose_name), other.name)


def _rows_pointing_to(segment: Segment) -> Iterable[User]:
    own = Segment._meta.app_label
    for relation in Segment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model._meta.app_label != own:
            yield from _pointing(relation, segment)


def _pointing(relation: ForeignObjectRel, segment: Segment) -> Iterable[User]:
    model: Any = relation.related_model
    for row in model._default_manager.filter(**{relation.field.name: segment})[:20]:
        yield User(str(model._meta.verbose_name), str(getattr(row, "name", row.pk)))


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
