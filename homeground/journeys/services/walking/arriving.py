"""What happens when walks come to a node: anything but a wait is due at once, a wait when it is over."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from homeground.journeys.graph.nodes import Wait, WaitForDate, WaitForEvent, WaitUntil
from homeground.journeys.models import Enrolment, Version
from homeground.journeys.services.walking import clocks
from homeground.journeys.services.walking.dates import days_of
from homeground.journeys.services.walking.graphs import graph_of
from homeground.people import queries as people

WAITS = Wait | WaitUntil | WaitForEvent | WaitForDate
Arrival = tuple[int, str, datetime]  # Who the person is, their zone, when they came.


def dues(step: object, arrivals: Sequence[Arrival]) -> list[datetime]:
    """When each of them is due. A wait for a date that is not, or is past: at once, to be seen there."""
    if not isinstance(step, WAITS):
        return [arrived_at for _customer, _zone, arrived_at in arrivals]
    days = days_of(step.attribute, [one[0] for one in arrivals]) if isinstance(step, WaitForDate) else {}
    # Most of a batch come at one moment, in few zones.
    known: dict[tuple[str, datetime, date | None], datetime] = {}
    found = []
    for customer, zone, arrived_at in arrivals:
        key = (zone, arrived_at, days.get(customer))
        if key not in known:
            known[key] = clocks.due(step, arrived_at=arrived_at, zone=zone, day=key[2]) or arrived_at
        found.append(known[key])
    return found


@transaction.atomic
def settle_in(version: Version, nodes: Sequence[str], at: datetime) -> int:
    """Compute anew when those who wait at these nodes are due, from when they came; never before `at`.

    Returns how many are due at another moment than before.
    """
    graph, moved = graph_of(version.pk), 0
    for node in nodes:
        if isinstance(step := graph.nodes.get(node), WAITS):
            moved += _settle(version, node, step, at)
    return moved


def _settle(version: Version, node: str, step: object, at: datetime) -> int:
    home = people.brand().time_zone
    walking = Enrolment.objects.filter(version=version, node=node, state=Enrolment.State.WALKING, woken_at=None)
    walks = walking.select_for_update(of=("self",)).order_by("pk")
    fields = ("pk", "customer_id", "customer__merged_into_id", "customer__time_zone", "arrived_at")
    rows = list(walks.values_list(*fields))
    arrivals = [(into or customer, zone or home, came) for _pk, customer, into, zone, came in rows]
    moments = [max(at, due) for due in dues(step, arrivals)]
    with connection.cursor() as cursor:
        cursor.execute(_SET_DUE, {"ids": [row[0] for row in rows], "due": moments})
        return int(cursor.rowcount)


_SET_DUE = """
UPDATE journeys_enrolment AS e SET due_at = m.due_at
FROM unnest(%(ids)s::bigint[], %(due)s::timestamptz[]) AS m (id, due_at)
WHERE e.id = m.id AND e.due_at IS DISTINCT FROM m.due_at
"""
