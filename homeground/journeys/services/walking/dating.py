"""Waits for dates that moved: predictions change, and what a customer did withdraws them."""

from datetime import datetime

from homeground.journeys.graph.nodes import WaitForDate
from homeground.journeys.models import Enrolment
from homeground.journeys.services.walking.arriving import settle_in
from homeground.journeys.services.walking.graphs import graph_of, version_of


def look_again(at: datetime) -> int:
    """Compute anew when those who wait for dates are due. Returns how many are due at another moment than before."""
    walking = Enrolment.objects.filter(state=Enrolment.State.WALKING).order_by()
    moved = 0
    for version_id in list(walking.values_list("version_id", flat=True).distinct()):
        nodes = [node for node, step in graph_of(version_id).nodes.items() if isinstance(step, WaitForDate)]
        moved += settle_in(version_of(version_id), nodes, at) if nodes else 0
    return moved
