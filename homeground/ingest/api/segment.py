"""Segment's HTTP API under /v1/: what its SDKs send, answered as they expect it (exactly 200, never a redirect)."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from homeground.core import time
from homeground.ingest import web
from homeground.ingest.protocols import segment, values
from homeground.ingest.protocols.body import Body
from homeground.ingest.protocols.problems import Unfit, wrong_type
from homeground.ingest.services.intake import Sender, take
from homeground.ingest.services.tokens import Allowed, check_token


@web.for_sdks
def receive(request: HttpRequest, call: str) -> HttpResponse:
    """One message (/v1/track …) or many (/v1/batch, /v1/import). 200 when the events are durable."""
    if call not in segment.KINDS and call not in segment.BATCHES:
        return web.error("unknown_address", f"there is no /v1/{call[:40]}", 404)
    token = web.credential(request)
    allowed = check_token(token, "ingest") if token is not None else None
    body = web.read_body(request)
    if type(body.document) is not dict:
        raise web.as_bad_body(wrong_type("body", "an object", body.document))
    sender = Sender(segment.SOURCE, (allowed or _by_write_key(body.document)).token_id)
    if call in segment.BATCHES:
        _take_batch(body, sender)
    else:
        _take_one(body, segment.KINDS[call], sender)
    return web.json({"success": True})


def _by_write_key(document: dict[str, Any]) -> Allowed:
    key = document.get("writeKey")
    return check_token(key if type(key) is str else "", "ingest")


def _take_batch(body: Body, sender: Sender) -> None:
    items = web.events_of(body.document.get("batch"), "batch")
    read = partial(segment.read, envelope=_envelope(body.document))
    take(items, read, sender, is_clean=body.is_clean)


def _take_one(body: Body, kind: str, sender: Sender) -> None:
    """A single message that cannot be taken is the sender's to mend: 400, and kept on the shelf all the same."""
    envelope = replace(_envelope(body.document), kind=kind)
    taken = take([body.document], partial(segment.read, envelope=envelope), sender, is_clean=body.is_clean)
    for refused in taken.refused:
        raise web.as_bad_body(refused.problem)


def _envelope(document: dict[str, Any]) -> segment.Envelope:
    try:
        sent_at = values.moment(document.get("sentAt"), "sentAt")
    except Unfit:
        sent_at = None  # Without it the sender's clock is taken to be right.
    return segment.Envelope(received_at=time.now(), sent_at=sent_at)


urlpatterns = [path("<str:call>", receive), path("<str:call>/", receive)]
