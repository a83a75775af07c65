"""What a rule is read against, from the rows of this moment."""

from homeground.core import money
from homeground.people.models import Attribute
from homeground.people.queries import brand
from homeground.segments.models import Segment
from homeground.segments.rules.dictionary import Dictionary, Known, StaticList
from homeground.segments.rules.nodes import InSegment, Node
from homeground.segments.rules.parse import parse, walk


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
