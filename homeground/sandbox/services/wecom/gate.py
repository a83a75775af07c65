"""The way in to the API: fault, token, rate, parameters, answer - in that order, as the platform has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import Any

import orjson
from django.db import connection, transaction

from homeground.sandbox.models import App, Fault
from homeground.sandbox.services.wecom import api as _api  # noqa: F401  Fills the table.
from homeground.sandbox.services.wecom import entering, faults, fields, limits
from homeground.sandbox.services.wecom.entering import Entry
from homeground.sandbox.services.wecom.refusals import Malformed, Refused
from homeground.sandbox.services.wecom.registry import ENDPOINTS, Answer, Blob, Caller, Endpoint, Upload


class Broken(Exception):
    """The platform fails: HTTP 500, with the call done or not."""


@dataclass(frozen=True)
class Request:
    """One call as it came: nothing of it is trusted."""

    path: str
    method: str
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    base: str
    upload: Upload | None = field(default=None, repr=False)


def answer(request: Request) -> Answer | Blob:
    """Answer one call. Raises Refused for an API error, Broken for a fault that a caller sees as HTTP 500."""
    endpoint = _endpoint(request)
    entry = entering.look(endpoint.path, _token(request))
    fault = faults.take(endpoint.path) if entry.has_faults else None
    _stumble(fault)
    done = _answer(endpoint, request, entry)
    if fault and fault.kind == Fault.Kind.SILENT_AFTER:
        sleep(fault.seconds)
        raise Broken
    return done


def _endpoint(request: Request) -> Endpoint:
    endpoint = ENDPOINTS[request.path]
    if request.method != endpoint.method:
        raise Refused(43001 if endpoint.method == "GET" else 43002, f"require {endpoint.method} method")
    return endpoint


def _stumble(fault: Fault | None) -> None:
    """Fail before anything is done."""
    if fault is None or fault.kind == Fault.Kind.SILENT_AFTER:
        return
    if fault.kind == Fault.Kind.ERRCODE:
        raise Refused(fault.errcode, "system error on purpose")
    if fault.kind == Fault.Kind.SILENT_BEFORE:
        sleep(fault.seconds)
    raise Broken


def _answer(endpoint: Endpoint, request: Request, entry: Entry) -> Answer | Blob:
    app = entry.app(_token(request)) if endpoint.needs_token else App.CONTACT
    if endpoint.needs_token:
        limits.count(endpoint, entry)
    given = fields.read(_given(endpoint, request), endpoint.fields)
    return _act(endpoint, Caller(entry.corp, app, entry.at, request.base, request.upload), given)


def _token(request: Request) -> str:
    return request.query.get("access_token", "")


@transaction.atomic
def _act(endpoint: Endpoint, caller: Caller, given: dict[str, Any]) -> Answer | Blob:
    with connection.cursor() as cursor:
        cursor.execute(limits.LAX)  # What a played platform knows may be lost with the power; ours waits for the disk.
    return endpoint.answer(caller, given)


def _given(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    if "\x00" in "".join(request.query.values()):
        raise Refused(fields.WRONG, "invalid parameter")
    if endpoint.method == "GET" or request.upload:
        return dict(request.query)
    return _document(request.body)


def _document(body: bytes) -> dict[str, Any]:
    """A JSON object. An empty body counts as {}: clients send none where nothing is required."""
    if b"\x00" in body or b"\\u0000" in body:
        raise Refused(40033, "invalid charset")
    try:
        document = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise Malformed from None
    if not isinstance(document, dict):
        raise Malformed
    return document
