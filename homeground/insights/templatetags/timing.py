"""`{% load timing %}`: when a customer buys next, on pages of other rooms."""

from typing import Any

from django import template
from django.template.context import Context

from homeground.core import time
from homeground.insights.queries import timing
from homeground.people.queries import brand

register = template.Library()


@register.inclusion_tag("insights/timing/card.html", takes_context=True)
def next_order_card(context: Context, customer_id: int) -> dict[str, Any]:
    """A card: the expected day with interval and basis, the chance that she is still a customer, her coming year."""
    ground, found = brand(), timing.prediction_of(customer_id)
    today = time.day_of(time.now(), ground.time_zone)
    return {
        "prediction": found,
        "why": timing.why(found) if found else "",
        "overdue_days": (today - found.next_on).days if found and found.next_on and found.next_on < today else 0,
        "currency": ground.currency,
    }
