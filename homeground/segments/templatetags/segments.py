"""What the pages of segments look up by key, and `{% segments_card customer.pk %}` for pages of other rooms."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from django import template

from homeground.people.queries import ids_of
from homeground.segments.queries import User, standings_of
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


@register.inclusion_tag("segments/on_customer.html", takes_context=True)
def segments_card(context: Mapping[str, Any], customer_id: int) -> dict[str, Any]:
    """A card: in which segments a customer is, since when, and why. Nothing for those who may not see segments."""
    may = context["request"].user.has_perm("segments.view_segment")
    return {"may": may, "pk": customer_id, "standings": standings_of(ids_of(customer_id)) if may else []}
