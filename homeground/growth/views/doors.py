"""The list of doors, one door's page, and what can be done with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from homeground.core.errors import BusinessError
from homeground.growth import qr
from homeground.growth.forms import DoorFilter
from homeground.growth.models import Door, DoorChange
from homeground.growth.queries import addresses, duty, funnel
from homeground.growth.queries.documents import span
from homeground.growth.services import doors, placing
from homeground.growth.views import laying
from homeground.growth.views.editing import MAY_SKIP, tell
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast
from homeground.wecom.client import connect, links
from homeground.wecom.models import Staff

_DAYS = 30
_CHANGES = 20


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def door_list(request: HttpRequest) -> HttpResponse:
    """Doors, newest first: who is behind them, and the last 30 days with harm beside gain (M2)."""
    form = DoorFilter(request.GET)
    page = page_of(_chosen(form), request.GET)
    found = [*page]
    shown = {
        "form": form,
        "page": page,
        "rows": _rows(found),
        "kinds": Door.Kind.choices,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "kind", "source", "stand")),
    }
    return render(request, "growth/doors.html", shown)


def _chosen(form: DoorFilter) -> QuerySet[Door]:
    given = form.cleaned_data if form.is_valid() else {}
    rows = Door.objects.select_related("source").defer("picture").filter(name__contains=given.get("q", ""))
    if given.get("kind"):
        rows = rows.filter(kind=given["kind"])
    if given.get("source"):
        rows = rows.filter(source=given["source"])
    return rows.filter(_STANDS.get(given.get("stand", ""), Q(retired_at=None)))


_STANDS = {"retired": Q(retired_at__isnull=False), "trouble": Q(retired_at=None) & ~Q(error=""), "all": Q()}


def _rows(found: Sequence[Door]) -> list[dict[str, Any]]:
    ids = [door.pk for door in found]
    on_duty, lines = duty.duty(ids), duty.lines(ids)
    names = _names({userid for one in on_duty.values() for userid in one.userids})
    passages, ripe = funnel.passages(found, *span(_DAYS)), funnel.ripe(found)
    return [
        {
            "door": door,
            "tone": laying.TONES[door.sync],
            "duty": on_duty.get(door.pk),
            "on": [names.get(userid, userid) for userid in on_duty[door.pk].userids] if door.pk in on_duty else [],
            "line": lines.get(door.pk),
            "steps": passages[door.pk].total,
            "ripe": ripe[door.pk],
        }
        for door in found
    ]


def _names(userids: set[str]) -> Mapping[str, str]:
    return {staff.userid: staff.title for staff in Staff.objects.filter(userid__in=userids)}


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """One door: its code, who is on, how people went through it, and what was changed."""
    shown = get_object_or_404(Door.objects.select_related("source").defer("picture"), pk=pk)
    days = laying.days_of(request.GET.get("days", ""))
    since, until = span(days)
    passage = funnel.passages([shown], since, until)[pk]
    on_duty, line = duty.duty([pk]).get(pk), duty.lines([pk]).get(pk)
    names = _names({*(on_duty.userids if on_duty else ()), *passage.staff})
    page = {
        "door": shown,
        "tone": laying.TONES[shown.sync],
        "page_url": addresses.page_url(shown),
        "platform_url": addresses.platform_url(shown),
        "days": days,
        "periods": laying.PERIODS,
        "since": since,
        "until": until,
        "steps": passage.total,
        "funnel": laying.funnel_of(shown, passage.total),
        "chart": laying.days_chart(passage.days, since, until),
        "staff": [(names.get(userid, userid or "—"), steps) for userid, steps in passage.staff.items() if userid],
        "ripe": funnel.ripe([shown])[pk],
        "ripe_days": funnel.RIPE_DAYS,
        "on": [names.get(userid, userid) for userid in on_duty.userids] if on_duty else [],
        "duty": on_duty,
        "next": duty.next_duty(shown) if on_duty else None,
        "line": line,
        "week": laying.week_of(shown),
        "welcomes": shown.welcomes.select_related("picture"),
        "changes": laying.changes_of(DoorChange.objects.filter(door=shown)[:_CHANGES]),
    }
    return render(request, "growth/door.html", page)


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def code(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """The door's own code for print: it leads to our page, so it never has to be printed again."""
    shown = get_object_or_404(Door.objects.only("token"), pk=pk)
    draw = {"png": (qr.png, "image/png"), "svg": (qr.svg, "image/svg+xml")}.get(shape)
    if draw is None:
        raise Http404
    answer = HttpResponse(draw[0](addresses.page_url(shown)), content_type=draw[1])
    if request.GET.get("download"):
        answer["Content-Disposition"] = f'attachment; filename="door-{shown.token}.{shape}"'
    return answer


@login_required
@permission_required("growth.view_door", raise_exception=True)
@require_GET
def quota(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment: how many customers acquisition links may still bring, as the platform says now."""
    get_object_or_404(Door.objects.only("pk"), pk=pk, kind=Door.Kind.LINK)
    try:
        found: links.Quota | None = links.quota(connect())
        error = ""
    except BusinessError as failure:
        found, error = None, str(failure)
    return render(request, "growth/quota.html", {"quota": found, "error": error})


def _doing(work: Callable[[HttpRequest, int], Door]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of a door's page: do it, have the platform follow, say it."""

    @login_required
    @permission_required("growth.change_door", raise_exception=True)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            done = placing.place_door(work(request, pk).pk)
            tell(request, done)
            return redirect("growth:door", done.pk)
        except BusinessError as refusal:
            toast(request, str(refusal), level="error")
            return redirect(request.META.get("HTTP_REFERER") or "growth:doors")

    return view


def _retry(request: HttpRequest, pk: int) -> Door:
    return placing.forget_failure(get_object_or_404(Door.objects.defer("picture"), pk=pk).pk)


def _retire(request: HttpRequest, pk: int) -> Door:
    get_object_or_404(Door.objects.only("pk"), pk=pk)
    return doors.retire_door(pk, by=request.user.get_username())


def _restore(request: HttpRequest, pk: int) -> Door:
    get_object_or_404(Door.objects.only("pk"), pk=pk)
    return doors.restore_door(pk, by=request.user.get_username())


def _undo(request: HttpRequest, pk: int) -> Door:
    get_object_or_404(DoorChange, pk=pk)
    may_skip = request.user.has_perm(MAY_SKIP)
    return doors.undo_change(pk, by=request.user.get_username(), may_skip_verify=may_skip)


place, retire, restore, undo = _doing(_retry), _doing(_retire), _doing(_restore), _doing(_undo)
