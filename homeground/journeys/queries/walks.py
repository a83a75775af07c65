"""One walk: what came, step by step, and which way it went on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from homeground.journeys.models import Enrolment, StepTaken, Touch, Version
from homeground.people import queries as people

LONGEST = 1000  # Steps of one walk: the engine's bound.


@dataclass(frozen=True)
class Taken:
    """One step of a walk. name, kind: of the node in the version that it was on. touch: of a message."""

    number: int
    version: int  # Its number.
    node: str
    name: str
    kind: str
    way: str
    at: datetime
    detail: Any
    touch: Touch | None = None


@dataclass(frozen=True)
class Walk:
    """A walk and its steps, in their order."""

    enrolment: Enrolment
    steps: list[Taken]


def walk(enrolment_id: int) -> Walk:
    """One walk whole. Raises Enrolment.DoesNotExist."""
    enrolment = Enrolment.objects.select_related("journey", "version", "customer").get(pk=enrolment_id)
    rows = list(StepTaken.objects.filter(enrolment=enrolment_id).order_by("number")[:LONGEST])
    versions = Version.objects.in_bulk({row.version_id for row in rows})
    touches = {touch.step: touch for touch in Touch.objects.filter(enrolment=enrolment_id)}
    return Walk(enrolment, [_taken(row, versions[row.version_id], touches.get(row.number)) for row in rows])


def walks_of_customer(customer_id: int) -> QuerySet[Enrolment]:
    """The walks of a person, whichever of the merged customers they began with; newest first."""
    walks = Enrolment.objects.filter(customer__in=people.ids_of(customer_id)).select_related("journey", "version")
    return walks.order_by("-entered_at", "-pk")


def _taken(row: StepTaken, version: Version, touch: Touch | None) -> Taken:
    node: Mapping[str, Any] = version.graph["nodes"].get(row.node, {})
    return Taken(
        number=row.number,
        version=version.number,
        node=row.node,
        name=str(node.get("name", row.node)),
        kind=str(node.get("kind", "")),
        way=row.way,
        at=row.at,
        detail=row.detail,
        touch=touch,
    )
