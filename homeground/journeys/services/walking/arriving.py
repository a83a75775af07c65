"""What happens when walks come to a node: anything but a wait is due at once, a wait when it is over."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models.functions import Coalesce

from homeground.journeys.graph.nodes import (
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
)
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


def settle_in(version: Version, nodes: Sequence[str], at: datetime) -> int:
    """Compute anew when those who wait at these nodes are due, from when they came; never before `at`.

    Who has left the node meanwhile is left alone. Returns how many are due at another moment than before.
    """
    graph, moved = graph_of(version.pk), 0
    for node in nodes:
        if isinstance(step := graph.nodes.get(node), WAITS):
            moved += _settle(version, node, step, at)
    return moved


def _settle(version: Version, node: str, step: object, at: datetime) -> int:
    home, moved, last = people.brand().time_zone, 0, 0
    walks = Enrolment.objects.filter(version=version, node=node, state=Enrolment.State.WALKING, woken_at=None)
    person = Coalesce("customer__merged_into_id", "customer_id")
    zone = Coalesce("customer__merged_into__time_zone", "customer__time_zone")
    while rows := list(walks.filter(pk__gt=last).order_by("pk").values_list("pk", person, zone, "arrived_at")[:_PART]):
        arrivals = [(person, zone or home, came) for _pk, person, zone, came in rows]
        moved += _set_due(node, [(row[0], row[3]) for row in rows], [max(at, due) for due in dues(step, arrivals)])
        last = rows[-1][0]
    return moved


def _set_due(node: str, walks: Sequence[tuple[int, datetime]], moments: Sequence[datetime]) -> int:
    ids, came = zip(*walks, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SET_DUE, {"node": node, "ids": list(ids), "came": list(came), "due": list(moments)})
        return int(cursor.rowcount)


_PART = 20_000
_SET_DUE = """
UPDATE journeys_enrolment AS e SET due_at = m.due_at
FROM unnest(%(ids)s::bigint[], %(came)s::timestamptz[], %(due)s::timestamptz[]) AS m (id, arrived_at, due_at)
WHERE e.id = m.id AND e.node = %(node)s AND e.arrived_at = m.arrived_at AND e.state = 'walking' AND e.woken_at IS NULL
  AND e.due_at IS DISTINCT FROM m.due_at
"""
