"""What the pages of segments look up by key."""

from collections.abc import Container, Mapping, Sequence

from django import template

from homeground.segments.queries import User
from homeground.segments.starters import Pair

register = template.Library()


@register.filter
def of(uses: Mapping[int, Sequence[User]], pk: int) -> Sequence[User]:
    """Who uses the segment of this id."""
    return uses.get(pk, [])


@register.filter
def is_missing(pair: Pair, taken: Container[str]) -> bool:
    """Whether a half of the pair is not there yet."""
    return any(half.slug not in taken for half in pair.halves)
