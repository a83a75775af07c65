"""`{% load home %}`: how the home page shows a count of the loop."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from homeground.core import money
from homeground.insights.queries.loop_shape import Count

register = template.Library()
ICONS = {"acquire": "user-plus", "retain": "heart", "activate": "bolt", "convert": "shopping-bag", "refer": "share"}


@register.filter
def shown(count: Count, currency: str) -> str:
    """The number in its unit; what nothing measures is never a zero."""
    if count.value is None:
        return _("未记录")
    text = money.show(count.value, currency) if count.unit == "minor" else f"{count.value:,}"
    return f"≈ {text}" if count.is_estimate else text


@register.filter
def change(count: Count) -> float | None:
    """How much more than in the span before, as a share; None where there was nothing to compare with."""
    return (count.value - count.before) / count.before if count.value is not None and count.before else None


@register.filter
def link_icon(link: Any) -> str:
    """The icon of a link of the loop."""
    return ICONS.get(link.key, "point")


@register.filter
def signed(share: float) -> str:
    """A change as a percentage with its sign."""
    return f"{share:+.1%}"
