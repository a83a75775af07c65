"""Between HTTP and the protocols: bodies, credentials, answers, CORS (browser SDKs read errors too: all carry it)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import orjson
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from homeground.ingest.errors import BadToken
from homeground.ingest.protocols.body import Body, parse
from homeground.ingest.protocols.limits import BODY_BYTES, EVENTS
from homeground.ingest.protocols.problems import BadBody, Unfit, wrong_type
from homeground.ingest.protocols.values import clean

View = Callable[..., HttpResponse]
_ALLOWED_HEADERS = (
    "authorization, content-type, content-encoding, anonymousid, sentat,"
    " x-retry-count, rsa-retry-reason, rsa-retry-attempt"
)
_RETRY_SECONDS = "5"


def for_sdks(view: View) -> View:
    """Answer preflights, add CORS to every answer, and turn each refusal into JSON with a code and a message."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse() if request.method == "OPTIONS" else _answered(view, request, *args, **kwargs)
        return _with_cors(request, response)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # The token is the proof; no cookie counts here.
    return answer


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method != "POST":
        response = error("wrong_method", "send a POST", 405)
        response["Allow"] = "POST, OPTIONS"
        return response
    try:
        return view(request, *args, **kwargs)
    except BadToken:
        return error("bad_token", "the token is missing, unknown, revoked, or lacks the scope ingest", 401)
    except BadBody as problem:
        return error(problem.code, problem.message, problem.status, problem.field)
    except OperationalError:
        return busy()


def busy() -> HttpResponse:
    """The store is away: nothing was kept, the sender shall come again."""
    response = error("busy", "the store cannot be reached; send the same again", 503)
    response["Retry-After"] = _RETRY_SECONDS
    return response


def error(code: str, message: str, status: int, field: str = "", **more: Any) -> HttpResponse:
    """An error body: always with both code and message, which SDKs read without asking."""
    body = {"code": code, "message": message, "success": False} | ({"field": field} if field else {}) | more
    return json(body, status)


def json(document: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A JSON answer; characters that no text may have, which a message may quote, become U+FFFD."""
    try:
        content = orjson.dumps(document)
    except TypeError:
        content = orjson.dumps(clean(document))
    return HttpResponse(content, status=status, content_type="application/json")


def read_body(request: HttpRequest) -> Body:
    """The parsed body. Raises BadBody; one that says it is too large is not read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES:
        raise BadBody("too_large", f"the body exceeds {BODY_BYTES:,} bytes", status=413)
    try:
        return parse(request.read(BODY_BYTES + 1))
    except (UnreadablePostError, OSError):
        raise BadBody("cut_short", "the body ended before its time") from None


def events_of(value: Any, field: str) -> list[Any]:
    """The list of events of a request. Raises BadBody."""
    if type(value) is not list:
        problem = wrong_type(field, "an array of events", value)
        raise BadBody(problem.code, problem.message, field)
    if len(value) > EVENTS:
        raise BadBody(
            "too_many_events", f"{field} has {len(value):,} events; the limit is {EVENTS:,}", field, status=413
        )
    return value


def credential(request: HttpRequest) -> str | None:
    """The token of the Authorization header: Bearer, or the user name of Basic. None when there is no header."""
    header = request.headers.get("Authorization", "")
    kind, _, rest = header.partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() == "basic":
        return _basic_user(rest.strip())
    return header or None


def _basic_user(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode(errors="replace").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def as_bad_body(problem: Unfit) -> BadBody:
    """The one event of a request cannot be taken, so the request cannot."""
    return BadBody(problem.code, problem.message, problem.field)


def _with_cors(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if origin := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
        response["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response["Access-Control-Max-Age"] = "86400"
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    return response
