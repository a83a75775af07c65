"""REST: campaigns to read; journeys to build, run and enter."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Literal

from django.http import HttpRequest, JsonResponse
from ninja import Body, Field, Router, Schema
from pydantic import StringConstraints

from homeground.core.loop import Link
from homeground.journeys.errors import GraphRefused
from homeground.journeys.models import Campaign, Journey, Outcome, Version
from homeground.journeys.queries.documents import document, summary
from homeground.journeys.queries.journey_documents import (
    journey_document,
    journey_summaries,
    version_document,
    walk_document,
    walk_summary,
)
from homeground.journeys.queries.journeys import journey_of
from homeground.journeys.queries.walks import walks_of_customer
from homeground.journeys.services import admitting, publishing

router = Router(tags=["campaigns"])
_PAGE = 100
_BY = "api"
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
Slug = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-zA-Z0-9_-]*$")]
Cause = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
Words = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Key = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]


class NewJourney(Schema):
    """draft: a graph by docs/journey.schema.json, complete or not. slug: left out, it is made of the name."""

    name: Name
    link: Literal[*Link.values]  # type: ignore[valid-type]
    slug: Slug = ""
    draft: dict[str, Any] | None = None
    hypothesis: Words = ""
    primary_outcome: Literal[*Outcome.values] = Outcome.ORDERED.value  # type: ignore[valid-type]
    window_days: int = Field(30, ge=1, le=365)
    holdout_bp: int = Field(1000, ge=0, le=9000)


class Publication(Schema):
    """What happens to those inside. node_map: for move, old node → new one; who stands elsewhere leaves."""

    succession: Literal[*Version.Succession.values] = Version.Succession.FINISH.value  # type: ignore[valid-type]
    node_map: dict[str, str] = {}


class Identified(Schema):
    kind: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    value: Value


class GuestIn(Schema):
    """By customer_id, or else by an identity. key: tells walks of one customer apart, like an order's number."""

    customer_id: int | None = Field(None, ge=1, le=2**63 - 1)
    identity: Identified | None = None
    key: Key = ""


class Guests(Schema):
    """cause: what they enter for. A repeat with the same cause lets nobody in twice."""

    cause: Cause
    customers: Annotated[list[GuestIn], Field(min_length=1, max_length=admitting.MOST)]


def _naming_problems(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a refused graph with every problem apart: its node, its field, its sentence."""

    @wraps(endpoint)
    def answer(*args: Any, **kwargs: Any) -> Any:
        try:
            return endpoint(*args, **kwargs)
        except GraphRefused as refusal:
            body = {"code": "graph_refused", "message": str(refusal), "success": False}
            return JsonResponse(body | {"problems": [vars(one) for one in refusal.problems]}, status=400)

    return answer


@router.get("/campaigns")
def campaigns(request: HttpRequest, before: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred campaigns; with `before`, those older than the campaign of that id."""
    rows = Campaign.objects.planned().select_related("segment").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return {"campaigns": [summary(campaign) for campaign in rows[:_PAGE]]}


@router.get("/campaigns/{int:campaign_id}")
def campaign(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """One campaign with its ledger of people, which adds up to `eligible`."""
    return document(Campaign.objects.planned().select_related("segment", "message").get(pk=campaign_id))


@router.get("/journeys", tags=["journeys"])
def journeys(request: HttpRequest, before: str = "") -> dict[str, list[dict[str, Any]]]:
    """The newest hundred journeys with their numbers; with `before`, those older than the journey of that slug."""
    rows = Journey.objects.select_related("live").order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=journey_of(before).pk)
    return {"journeys": journey_summaries(list(rows[:_PAGE]))}


@router.post("/journeys", tags=["journeys"])
def create(request: HttpRequest, given: NewJourney) -> dict[str, Any]:
    """A new journey in draft."""
    return journey_document(publishing.create(**given.dict(), by=_BY))


@router.get("/journeys/{slug}", tags=["journeys"])
def journey(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One journey: its draft, its versions with somebody inside, and the live counts of their nodes and edges."""
    return journey_document(journey_of(slug))


@router.put("/journeys/{slug}/draft", tags=["journeys"])
def draft(request: HttpRequest, slug: str, graph: Body[dict[str, Any]]) -> dict[str, Any]:
    """Keep a draft, complete or not, and say what still keeps it from going live."""
    saved = publishing.save_draft(journey_of(slug).pk, graph)
    return {"problems": [vars(one) for one in publishing.check(saved.draft, slug=slug)]}


@router.post("/journeys/{slug}/publish", tags=["journeys"])
@_naming_problems
def publish(request: HttpRequest, slug: str, given: Publication) -> Any:
    """Let the draft go live as a new version."""
    version = publishing.publish(journey_of(slug).pk, by=_BY, succession=given.succession, node_map=given.node_map)
    return version_document(version)


@router.post("/journeys/{slug}/pause", tags=["journeys"])
def pause(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Hold everybody where they are."""
    publishing.pause(journey_of(slug).pk)
    return _told(slug)


@router.post("/journeys/{slug}/resume", tags=["journeys"])
def resume(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Go on."""
    publishing.resume(journey_of(slug).pk)
    return _told(slug)


@router.post("/journeys/{slug}/end", tags=["journeys"])
def end(request: HttpRequest, slug: str) -> dict[str, Any]:
    """End it for good: everybody leaves."""
    publishing.end(journey_of(slug).pk)
    return _told(slug)


@router.post("/journeys/{slug}/enter", tags=["journeys"])
def enter(request: HttpRequest, slug: str, given: Guests) -> Mapping[str, Any]:
    """Let up to a thousand customers in; the answer counts who entered, is held out, or was refused and why."""
    return vars(admitting.admit(journey_of(slug), [_guest(one) for one in given.customers], cause=given.cause))


@router.get("/customers/{int:customer_id}/walks", tags=["journeys"])
def walks(request: HttpRequest, customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """The newest hundred walks of a customer, before and after merges."""
    return {"walks": [walk_summary(one) for one in walks_of_customer(customer_id)[:_PAGE]]}


@router.get("/walks/{int:walk_id}", tags=["journeys"])
def one_walk(request: HttpRequest, walk_id: int) -> dict[str, Any]:
    """One walk, step by step."""
    return walk_document(walk_id)


def _guest(given: GuestIn) -> admitting.Guest:
    identity = given.identity
    return admitting.Guest(
        customer_id=given.customer_id,
        kind=identity.kind if identity else "",
        value=identity.value if identity else "",
        key=given.key,
    )


def _told(slug: str) -> dict[str, Any]:
    return journey_summaries([journey_of(slug)])[0]
