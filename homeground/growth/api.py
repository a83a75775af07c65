"""REST: doors and sources to read."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from homeground.growth.models import Door, Source
from homeground.growth.queries import documents

router = Router(tags=["growth"])
_PAGE = 100
_MONTHS = 12


@router.get("/doors")
def doors(request: HttpRequest, before: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred doors; with `before`, those older than the door of that id."""
    rows = Door.objects.defer("picture").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return {"doors": [documents.summary(door) for door in rows[:_PAGE]]}


@router.get("/doors/{int:door_id}")
def door(request: HttpRequest, door_id: int) -> dict[str, Any]:
    """One door: who is on, its groups, and the last 30 days step by step."""
    return documents.document(Door.objects.defer("picture").get(pk=door_id))


@router.get("/sources")
def sources(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """Every source."""
    return {"sources": [documents.source_summary(source) for source in Source.objects.all()]}


@router.get("/sources/{int:source_id}")
def source(request: HttpRequest, source_id: int, months: int = 3) -> dict[str, Any]:
    """One source: cost and value by month of the first arrival, for the last `months` (1 to 12)."""
    since, until = documents.months_back(min(max(months, 1), _MONTHS))
    return documents.source_document(Source.objects.get(pk=source_id), since, until)
