"""REST: campaigns to read."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from homeground.journeys.models import Campaign
from homeground.journeys.queries.documents import document, summary

router = Router(tags=["campaigns"])
_PAGE = 100


@router.get("/campaigns")
def campaigns(request: HttpRequest, before: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred campaigns; with `before`, those older than the campaign of that id."""
    rows = Campaign.objects.select_related("segment").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return {"campaigns": [summary(campaign) for campaign in rows[:_PAGE]]}


@router.get("/campaigns/{int:campaign_id}")
def campaign(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """One campaign with its ledger of people, which adds up to `eligible`."""
    return document(Campaign.objects.select_related("segment", "message").get(pk=campaign_id))
