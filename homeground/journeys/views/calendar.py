"""The calendar: everything planned by day, what it does to people, and drafts moved to a better one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.journeys.forms import CalendarFilter
from homeground.journeys.queries import calendar as queries
from homeground.journeys.queries.calendar.details import detail_of
from homeground.journeys.queries.calendar.shape import CALENDARS, MOST_DAYS
from homeground.journeys.services.scheduling import move_to_day, plan_for
from homeground.people.queries import brand
from homeground.segments.models import Segment
from homeground.ui.toasts import toast

_LOOK, _CHANGE = "journeys.view_campaign", "journeys.change_campaign"
_SHOWN_DRAFTS = 12
_MOST_SEGMENTS, _SHOWN_SEGMENTS = 8, 6  # Looked at, and of those the heaviest are shown.


@login_required
@permission_required(_LOOK, raise_exception=True)
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The page; days come by themselves as they are looked at."""
    form, span = CalendarFilter(request.GET), _span(request)
    choice = _choice(request)
    drafts = queries.unscheduled(choice)
    page = {
        "form": form,
        "drafts": drafts[:_SHOWN_DRAFTS],
        "more_drafts": max(drafts.count() - _SHOWN_DRAFTS, 0),
        "variety": queries.variety(span),
        "told": _told(request, span),
        "calendars": [(name, label, name in choice.calendars) for name, label in _labels().items()],
    }
    return render(request, "journeys/calendar.html", page)


@login_required
@permission_required(_LOOK, raise_exception=True)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """What stands on the days that are looked at, as the calendar's script reads it."""
    may_move = request.user.has_perm(_CHANGE)
    span = _span(request)
    rows = [_row(entry, span, may_move) for entry in queries.entries(span, _choice(request))]
    return JsonResponse(rows, safe=False)


@login_required
@permission_required(_LOOK, raise_exception=True)
@require_GET
def pressure(request: HttpRequest) -> HttpResponse:
    """A fragment: the heat of these days, for everybody and for the chosen segment, or for all that is planned for."""
    span, segment = _span(request), _choice(request).segment
    everybody, *lots = queries.pressures(span, [None, *_asked_about(span, segment)])
    shown = lots if segment else sorted((lot for lot in lots if not lot.is_quiet), key=lambda lot: -lot.worst)
    lots = [everybody, *shown[:_SHOWN_SEGMENTS]]
    told = lots[-1] if segment else max(lots, key=lambda lot: lot.worst)
    days = _hottest([told] if segment else lots, is_named=not segment)
    page = {"lots": lots, "days": days, "shown": told, "advice": _advice(told)}
    return render(request, "journeys/calendar.html#pressure", page)


def _asked_about(span: queries.Span, segment: Segment | None) -> list[Segment]:
    return [segment] if segment else queries.planned_segments(span, _MOST_SEGMENTS)


@login_required
@permission_required(_LOOK, raise_exception=True)
@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    """A fragment for the drawer: one thing on one day. Opened by itself it is that day of the calendar."""
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('calendar:month')}?date={_day(request.GET.get('day', '')) or ''}")
    found = detail_of(request.GET.get("key", ""), _day(request.GET.get("day", "")), _span(request))
    if found is None:
        raise Http404
    may_open = bool(found.url) and request.user.has_perm(found.permission)
    return render(request, "journeys/calendar.html#detail", {"detail": found, "may_open": may_open})


@login_required
@permission_required(_CHANGE, raise_exception=True)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a draft for another day; the line that says so can take it back."""
    day = _day(request.POST.get("day", ""))
    if day is None:
        return HttpResponseBadRequest(_("请给出日期，例如 2026-03-12"))
    try:
        before = move_to_day(pk, day)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    else:
        undo = f"{reverse('calendar:restore', args=[pk])}?at={before:%Y-%m-%dT%H:%M:%SZ}" if before else ""
        undo = undo or f"{reverse('calendar:restore', args=[pk])}?at="
        toast(request, _("已改到 %(day)s") % {"day": f"{day:%Y-%m-%d}"}, undo_url=undo)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Reswap": "none"})
    return redirect(f"{reverse('calendar:month')}?date={day}")


@login_required
@permission_required(_CHANGE, raise_exception=True)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a move back: plan the draft for when it was planned, or for no day."""
    given = request.GET.get("at", "")
    try:
        moment = datetime.fromisoformat(given).astimezone(UTC) if given else None
    except (ValueError, OverflowError):
        return HttpResponseBadRequest(_("时间无法识别"))
    try:
        plan_for(pk, moment)
        toast(request, _("已恢复原来的时间"))
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect(f"{reverse('calendar:month')}{f'?date={moment:%Y-%m-%d}' if moment else ''}")


def _labels() -> dict[str, str]:
    return dict(zip(CALENDARS, (_("内容"), _("活动"), _("数据")), strict=True))


def _choice(request: HttpRequest) -> queries.Choice:
    form = CalendarFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    asked = request.GET.get("calendars")
    calendars = CALENDARS if asked is None else tuple(name for name in CALENDARS if name in asked.split(","))
    channel = given.get("channel")
    return queries.Choice(calendars, given.get("link", ""), channel.slug if channel else "", given.get("segment"))


def _span(request: HttpRequest) -> queries.Span:
    """The days from `start` until before `end`; without them, the six weeks around the day that is asked for."""
    zone, now = brand().time_zone, time.now()
    start, end = _day(request.GET.get("start", "")), _day(request.GET.get("end", ""))
    if start is None or end is None or not 0 < (end - start).days <= MOST_DAYS:
        first = (_day(request.GET.get("date", "")) or time.day_of(now, zone)).replace(day=1)
        start = first - timedelta(days=first.weekday())
        end = start + timedelta(weeks=6)
    return queries.Span(start, end - timedelta(days=1), zone, now)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _row(entry: queries.Entry, span: queries.Span, may_move: bool) -> Mapping[str, Any]:
    local = entry.at.astimezone(ZoneInfo(span.zone)) if entry.at else None
    words = [entry.title, entry.state]
    return {
        "id": f"{entry.key}@{entry.on}",
        "title": entry.title,
        "start": f"{local:%Y-%m-%dT%H:%M:%S}" if local else entry.on.isoformat(),
        "allDay": local is None,
        "url": f"{reverse('calendar:detail')}?key={entry.key}&day={entry.on}",
        "startEditable": entry.is_movable and may_move and entry.on >= span.today,
        "classNames": [f"tone-{entry.tone}", f"of-{entry.calendar}", *(["is-draft"] if entry.is_movable else [])],
        "extendedProps": {"state": entry.state, "said": " · ".join(filter(None, words)), "kind": entry.kind},
    }


def _told(request: HttpRequest, span: queries.Span) -> Mapping[str, Any]:
    """What the script needs: addresses, words, today in the brand's zone."""
    local = span.at.astimezone(ZoneInfo(span.zone))
    asked = _day(request.GET.get("date", "")) or span.today
    return {
        "entries": reverse("calendar:entries"),
        "pressure": reverse("calendar:pressure"),
        "move": reverse("calendar:move", args=[0]).replace("/0/", "/:pk/"),
        "now": f"{local:%Y-%m-%dT%H:%M:%S}",
        "date": asked.isoformat(),
        "locale": "zh-cn" if request.LANGUAGE_CODE.startswith("zh") else "en",
        "words": {
            "month": _("月"),
            "week": _("周"),
            "list": _("列表"),
            "today": _("今天"),
            "prev": _("上一页"),
            "next": _("下一页"),
            "more": _("还有 %d 项"),
            "empty": _("这段时间没有安排"),
        },
    }


def _hottest(lots: Sequence[queries.Pressure], *, is_named: bool) -> dict[str, dict[str, Any]]:
    """For each day on which something is planned: the lot that bears most, as the calendar's cells say it."""
    found = {}
    for days in zip(*(lot.days for lot in lots), strict=True):
        place = max(range(len(lots)), key=lambda at, days=days: (days[at].level, days[at].share))  # type: ignore[misc]
        named = lots[place].segment if is_named else None
        if days[place].level:
            text = _heat(days[place], f"{named.name} " if named else "")
            found[days[place].on.isoformat()] = {"level": days[place].level, "text": text}
    return found


def _heat(day: queries.PressureDay, whose: str) -> str:
    """The heat in words short enough for a day's cell."""
    values = {"count": day.per_week, "share": 100 * day.share}
    if not day.over:
        return whose + _("%(count).1f 条/人·周") % values
    return whose + (_("%(share).0f%% 超限") if whose else _("%(count).1f 条/人·周，%(share).0f%% 超限")) % values


def _advice(shown: queries.Pressure) -> list[str]:
    """What to do about each heavy day to come."""
    calm = shown.calmest
    told = []
    for day in shown.warnings:
        values = {"day": f"{day.on:%m-%d}", "share": f"{100 * day.share:.0f}", "over": f"{day.over:,}"}
        values |= {"week": f"{day.per_week:.1f}", "who": shown.segment.name if shown.segment else _("所有客户")}
        told.append(
            _(
                "%(day)s：“%(who)s”有 %(over)s 人（%(share)s%%）会超过疲劳度上限，近 7 天人均 %(week)s 条营销；"
                "到时超限的人收不到。"
            )
            % values
        )
    if told and calm and calm.level < 2:
        values = {"day": f"{calm.on:%m-%d}"}
        told.append(
            _("把其中一个草稿拖到 %(day)s（前后一周最轻），或把人群收窄到真有需求的人，或改发服务类内容。") % values
        )
    elif told:
        told.append(_("这段时间每天都重：合并几个活动，或把人群收窄到真有需求的人，或改发服务类内容。"))
    return told
