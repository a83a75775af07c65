"""The stream as it comes, and what was set aside from it."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.events import mending, privacy, queries
from homeground.events.forms import StreamFilter
from homeground.events.labels import label
from homeground.events.models import SetAside
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_SIZE = 50


@login_required
@permission_required("events.view_streamevent", raise_exception=True)
@require_GET
def stream(request: HttpRequest) -> HttpResponse:
    """Events newest first, and how far ClickHouse is behind. htmx asks for the list alone, again and again."""
    form = StreamFilter(request.GET)
    wanted = form.wanted()
    if not request.htmx:  # type: ignore[attr-defined]
        form.offer_choices()
    before = _number(request.GET.get("before", ""))
    found = queries.newest(wanted, before, limit=_SIZE + 1)
    rows = [(event, label(event.name)) for event in found[:_SIZE]]
    page = {
        "form": form,
        "rows": rows,
        "lag": queries.lag(),
        "older": _link(request, before=found[_SIZE - 1].id) if len(found) > _SIZE else "",
        "newest": _link(request),
        "is_first": before is None,
        "is_live": before is None and "paused" not in request.GET,
        "is_filtered": wanted != queries.Wanted(),
        "here": request.get_full_path(),
        "switch": _link(request) if "paused" in request.GET else _link(request, paused=1),
        "waiting": queries.set_aside_count(),
    }
    return render(request, "events/stream.html#list" if request.htmx else "events/stream.html", page)  # type: ignore[attr-defined]


@login_required
@permission_required("events.view_streamevent", raise_exception=True)
@require_GET
def event(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One event whole, personal data masked: the drawer, or a page of its own."""
    found = queries.event(name, pk)
    if not found:
        raise Http404
    page = {
        "event": found,
        "label": label(found.name),
        "properties": privacy.shown(dict(found.facts)),
        "identities": privacy.shown_identities(found.identities),
    }
    return render(request, "events/event.html#body" if request.htmx else "events/event.html", page)  # type: ignore[attr-defined]


@login_required
@permission_required("events.view_streamevent", raise_exception=True)
@require_GET
def set_aside(request: HttpRequest) -> HttpResponse:
    """What a handler could not bear and waits for somebody."""
    page = page_of(SetAside.objects.filter(discarded_at=None), request.GET, by=("-at", "-pk"))
    rows = [(entry, label(entry.name)) for entry in page]
    return render(request, "events/set_aside.html", {"page": page, "rows": rows, "waiting": queries.set_aside_count()})


@login_required
@permission_required("events.mend_stream", raise_exception=True)
@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Retry or discard the entries that were ticked; with `all`, retry everything."""
    ids = None if "all" in request.POST else [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()]
    try:
        toast(request, _discarded(ids or []) if "discard" in request.POST else _retried(ids))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("events:set_aside")


def _retried(ids: list[int] | None) -> str:
    retried = mending.retry_set_aside(ids)
    said = ngettext("%(done)s 条事件处理成功", "%(done)s 条事件处理成功", retried.done) % {"done": retried.done}
    return said + (_("，%(left)s 条仍未成功") % {"left": retried.waiting} if retried.waiting else "")


def _discarded(ids: list[int]) -> str:
    count = mending.discard_set_aside(ids)
    return ngettext("已放弃 %(count)s 条事件", "已放弃 %(count)s 条事件", count) % {"count": count}


def _link(request: HttpRequest, **more: int) -> str:
    query = request.GET.copy()
    for name in ("before", "paused"):
        query.pop(name, None)
    query.update({name: str(value) for name, value in more.items()})
    return "?" + query.urlencode()


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 19 else None
