"""REST under /api/v1: each room's api.py brings its router; here is who may enter and how errors read."""

import re
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from homeground import __version__
from homeground.core.errors import BusinessError
from homeground.ingest import web
from homeground.ingest.errors import BadToken
from homeground.ingest.services.tokens import Allowed, check_token

_ROOMS = [
    "ingest", "people", "commerce", "events", "segments", "content", "wecom", "growth", "loyalty", "service",
    "journeys", "insights", "channels",
]  # fmt: skip
_READING = ("GET", "HEAD", "OPTIONS")


class BearerToken(HttpBearer):
    """`Authorization: Bearer hg_…`: scope read to read, manage to change."""

    def authenticate(self, request: HttpRequest, token: str) -> Allowed:
        return check_token(token, "read" if request.method in _READING else "manage")


def _assembled() -> NinjaAPI:
    """Every room's router at the root: paths name their own subject, like /customers."""
    together = NinjaAPI(
        title="Homeground",
        version=__version__,
        description="Errors are JSON with `code` and `message`, and `field` where one is to blame.",
        auth=BearerToken(),
        # The page's scripts are ninja's own static files; without the app it would load them from elsewhere.
        docs_url="/docs" if apps.is_installed("ninja") else None,
    )
    for room in _ROOMS:
        if find_spec(f"homeground.{room}.api"):
            together.add_router("", import_module(f"homeground.{room}.api").router)
    return together


api = _assembled()


@api.exception_handler(BusinessError)
def _refused(request: HttpRequest, refusal: BusinessError) -> HttpResponse:
    status = HTTPStatus.UNAUTHORIZED if isinstance(refusal, BadToken) else HTTPStatus.BAD_REQUEST
    return web.error(_code_of(refusal), str(refusal), status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    first = problem.errors[0]
    field = ".".join(str(part) for part in first["loc"])
    return web.error("invalid", f"{field}: {first['msg']}", HTTPStatus.UNPROCESSABLE_ENTITY, field)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, problem: HttpError) -> HttpResponse:
    code = "bad_token" if problem.status_code == HTTPStatus.UNAUTHORIZED else "refused"
    return web.error(code, str(problem), problem.status_code)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _not_found(request: HttpRequest, problem: Exception) -> HttpResponse:
    return web.error("not_found", "there is no such thing", HTTPStatus.NOT_FOUND)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, problem: PermissionDenied) -> HttpResponse:
    return web.error("forbidden", "this token may not do that", HTTPStatus.FORBIDDEN)


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, problem: OperationalError) -> HttpResponse:
    return web.busy()


def _code_of(refusal: BusinessError) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()
