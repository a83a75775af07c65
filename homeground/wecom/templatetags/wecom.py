"""`{% load wecom %}`: the corp on pages of other rooms."""

from typing import Any

from django import template

from homeground.wecom.queries import is_connected
from homeground.wecom.queries.pages import on_wecom

register = template.Library()


@register.inclusion_tag("wecom/on_wecom.html")
def on_wecom_card(customer_id: int) -> dict[str, Any]:
    """A card: whose friend a customer is and was, and in which groups. Nothing where there is no corp."""
    return {"person": on_wecom(customer_id) if is_connected() else None}
