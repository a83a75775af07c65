"""For machines that watch: is it alive, can it serve, how is it doing."""

from collections.abc import Iterator
from ipaddress import ip_address

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from homeground.console import queries
from homeground.console.queries import Figure
from homeground.core.errors import BusinessError
from homeground.events import warehouse
from homeground.ingest.services.tokens import check_token

_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
_NOT_YOU = "Ask from this machine, or send a token of the scope read: Authorization: Bearer …\n"


@csrf_exempt  # Shows no page: spared what pages need.
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@csrf_exempt
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when both stores answer and no migration waits, else 503; says which."""
    checks = {"postgresql": _postgresql(), "clickhouse": _clickhouse()}
    is_ready = all(checks.values())
    return JsonResponse({"ready": is_ready, **checks}, status=200 if is_ready else 503)


@csrf_exempt
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for this machine or a token of the scope read."""
    if not (_is_here(request) or _has_token(request)):
        return HttpResponse(_NOT_YOU, status=403, content_type="text/plain; charset=utf-8")
    lines = [line for figure in queries.figures() for line in _exposition(figure)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _postgresql() -> bool:
    """It answers, and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def _clickhouse() -> bool:
    try:
        return bool(warehouse.value("SELECT 1"))
    except Exception:  # Its clients raise what their transport raises; whichever it is, we are not ready.
        return False


def _is_here(request: HttpRequest) -> bool:
    # A proxy on this machine speaks for strangers: its requests do not count as ours.
    is_proxied = any(name in request.META for name in _PROXIED)
    return not is_proxied and ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback


def _has_token(request: HttpRequest) -> bool:
    try:
        check_token(request.headers.get("Authorization", "").removeprefix("Bearer "), "read")
    except BusinessError:
        return False
    return True


def _exposition(figure: Figure) -> Iterator[str]:
    yield f"# HELP {figure.name} {figure.help}"
    yield f"# TYPE {figure.name} {figure.kind}"
    for labels, value in figure.samples.items():
        yield f"{figure.name}{labels} {value:.15g}"
