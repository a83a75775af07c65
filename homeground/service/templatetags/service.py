"""`{% load service %}`: what serves a customer, on pages of other rooms."""

from typing import Any

from django import template
from django.template.context import Context

from homeground.core import time
from homeground.people import queries as people
from homeground.service.queries.tickets import open_of

register = template.Library()


@register.inclusion_tag("service/open_tickets.html", takes_context=True)
def open_tickets_card(context: Context, customer_id: int) -> dict[str, Any]:
    """A card: the customer's open tickets, and the way to open one."""
    tickets = open_of(people.ids_of(customer_id)) if context["perms"]["service"]["view_ticket"] else []
    return {"tickets": tickets, "customer_id": customer_id, "perms": context["perms"], "now": time.now()}
