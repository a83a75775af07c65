"""POST /api/v1/events: our own, documented way to send events."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from homeground.core import time
from homeground.ingest import web
from homeground.ingest.protocols import own
from homeground.ingest.protocols.body import Body
from homeground.ingest.protocols.limits import EVENTS
from homeground.ingest.services.intake import Refused, Sender, Taken, take
from homeground.ingest.services.tokens import check_token

router = Router(tags=["events"])


class IdentityIn(Schema):
    kind: str = Field(
        description="phone, email, member_no, unionid, openid, wecom_external, douyin, user_id, device, anonymous"
    )
    value: str = Field(max_length=255)


class EventIn(Schema):
    """One thing that somebody did. Unknown fields are kept as properties."""

    name: str = Field(min_length=1, max_length=200, examples=["coupon_opened"])
    at: AwareDatetime | None = Field(None, description="When it happened, ISO 8601. Left out: when it arrives.")
    id: str | None = Field(
        None, max_length=255, description="The same id and day is the same event, however often it is sent."
    )
    identities: list[IdentityIn] | dict[str, str] = Field(examples=[{"phone": "13800000000"}])
    properties: dict[str, Any] = {}


class RefusedOut(Schema):
    """An event that was not taken; the others were."""

    index: int = Field(description="Its place in the request, from 0.")
    code: str
    field: str
    message: str


class EventsOut(Schema):
    """accepted = new + those that were there before."""

    accepted: int
    new: int
    rejected: list[RefusedOut]


class ErrorOut(Schema):
    """Why a request was refused, and the field that is wrong."""

    code: str
    message: str
    field: str = ""


_DOCUMENTED = {
    "requestBody": {
        "required": True,
        "description": "A list of events (at most 1,000; 5 MB after decompression, gzip allowed; 100 KB an event).",
        "content": {
            "application/json": {
                "schema": {"type": "array", "maxItems": EVENTS, "items": EventIn.model_json_schema()},
            }
        },
    }
}


@router.post(
    "/events",
    auth=None,  # Checked below, before the body is read.
    response={200: EventsOut, 400: ErrorOut, 401: ErrorOut, 413: ErrorOut, 503: ErrorOut},
    openapi_extra={**_DOCUMENTED, "security": [{"BearerToken": []}]},
    summary="Send events",
)
def receive(request: HttpRequest) -> HttpResponse:
    """Durable when 200 is answered. One bad event does not lose the others: it is named under `rejected` and kept for
    the operators to see; when none is good the answer is 400."""
    return _receive(request)


@router.api_operation(["OPTIONS"], "/events", auth=None, include_in_schema=False)
@router.api_operation(["POST", "OPTIONS"], "/events/", auth=None, include_in_schema=False)
def receive_too(request: HttpRequest) -> HttpResponse:
    """Preflights, and the address with a slash."""
    return _receive(request)


@web.for_sdks
def _receive(request: HttpRequest) -> HttpResponse:
    allowed = check_token(web.credential(request) or "", "ingest")
    body = web.read_body(request)
    items = _items(body)
    read = partial(own.read, received_at=time.now())
    return _answer(take(items, read, Sender(own.SOURCE, allowed.token_id), is_clean=body.is_clean))


def _items(body: Body) -> list[Any]:
    document = body.document
    if type(document) is dict and "events" in document:
        return web.events_of(document["events"], "events")
    return web.events_of(document, "body")


def _answer(taken: Taken) -> HttpResponse:
    refused = [_shown(one) for one in taken.refused]
    if refused and not taken.accepted:
        first = taken.refused[0].problem
        return web.error(
            first.code, f"[{refused[0]['index']}] {first.message}", 400, refused[0]["field"], rejected=refused
        )
    return web.json({"accepted": taken.accepted, "new": taken.new, "rejected": refused})


def _shown(one: Refused) -> dict[str, Any]:
    path = f"[{one.index}]" + (f".{one.problem.field}" if one.problem.field else "")
    return {"index": one.index, "code": one.problem.code, "field": path, "message": one.problem.message}
