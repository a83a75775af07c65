"""The scorecard's pages: the four metrics and its two parts that take time, the goals, the table as CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.core.kept import Answer, Question
from homeground.people.queries import brand
from homeground.segments.services.exporting import safe
from homeground.service.forms.scorecard import GoalForm, ScorecardFilter
from homeground.service.models import Inbound, ReplyClock, ScoreGoal
from homeground.service.queries import scorecard as queries
from homeground.service.queries.scorecard.cards import Card, Scorecard, Share
from homeground.service.services import scorecard as services
from homeground.ui import charts
from homeground.ui.toasts import toast
from homeground.wecom.models import Staff

Metric = ScoreGoal.Metric


@dataclass(frozen=True)
class MetricShown:
    """One metric of the card at the top. reached: whether the goal is; None: no goal, or nothing counted."""

    metric: str
    label: str
    share: Share
    goal: ScoreGoal | None

    @property
    def reached(self) -> bool | None:
        if self.goal is None or self.share.share is None:
            return None
        return self.share.share * 10_000 >= self.goal.share_bp


@dataclass(frozen=True)
class _Asked:
    """What the address asks for."""

    form: ScorecardFilter
    span: queries.Span
    query: str

    @classmethod
    def by(cls, request: HttpRequest) -> Self:
        form = ScorecardFilter(request.GET or None)
        return cls(form, queries.span_of(form.chosen["weeks"], brand().time_zone, time.now()), request.GET.urlencode())

    @property
    def chosen(self) -> dict[str, Any]:
        return self.form.chosen

    @property
    def shown(self) -> dict[str, Any]:
        return {"chosen": self.chosen, "span": self.span, "query": self.query}

    @property
    def cards(self) -> Question[Scorecard]:
        return services.ask_cards(self.span)

    @property
    def audiences(self) -> Question[list[queries.AudienceLine]]:
        chosen = self.chosen
        return services.ask_audiences(
            self.span, chosen["by"], staff_ids=_staff_ids(chosen), segments=chosen["segments"]
        )


@login_required
@permission_required("service.view_scorecard", raise_exception=True)
@require_GET
def scorecard(request: HttpRequest) -> HttpResponse:
    """Four metrics of the brand, its teams and members, with harm and the platform's figures beside them.

    Shows at once what is kept; what is not, or no longer fresh, the two parts count and bring.
    """
    asked = _Asked.by(request)
    context = {
        "form": asked.form,
        "limits": [(Metric(limit.metric).label, limit) for limit in queries.limits()],
        "has_staff": Staff.objects.exists(),
        "split": asked.audiences.kept(),
    }
    return render(request, "service/scorecard.html", context | asked.shown | _card_part(asked, asked.cards.kept()))


@login_required
@permission_required("service.view_scorecard", raise_exception=True)
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The part with the four metrics, counted if it must be."""
    asked = _Asked.by(request)
    return render(request, "service/scorecard_card.html", asked.shown | _card_part(asked, asked.cards.counted()))


@login_required
@permission_required("service.view_scorecard", raise_exception=True)
@require_GET
def audiences(request: HttpRequest) -> HttpResponse:
    """The part with conversion by audience, counted if it must be."""
    asked = _Asked.by(request)
    return render(request, "service/scorecard_audiences.html", asked.shown | {"split": asked.audiences.counted()})


@login_required
@permission_required("service.view_scorecard", raise_exception=True)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The lines of the page as CSV, counts beside shares."""
    asked = _Asked.by(request)
    found = asked.cards.counted().value
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in _csv_rows(found, _lines(found, asked.chosen)):
        writer.writerow([safe(str(cell)) for cell in row])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")  # BOM: for Excel.
    answer["Content-Disposition"] = f'attachment; filename="scorecard-{found.span.weeks[0]}-{found.span.last_day}.csv"'
    return answer


@login_required
@permission_required("service.view_scorecard", raise_exception=True)
@require_http_methods(["GET", "POST"])
def goals(request: HttpRequest) -> HttpResponse:
    """The goals that count, those to come, and a new one for who may."""
    may_set, now = request.user.has_perm("service.set_goals"), time.now()
    form = GoalForm(request.POST or None, initial={"valid_on": time.day_of(now, brand().time_zone)})
    status = 200
    if request.method == "POST":
        if not may_set:
            return HttpResponse(_("没有权限修改目标。"), status=403)
        status = 422
        if form.is_valid():
            try:
                services.set_goal(form.goal(request.user.get_username()))
            except BusinessError as refusal:
                form.add_error(None, str(refusal))
            else:
                toast(request, _("目标已保存"))
                return redirect("service:goals")
    context = {
        "goals": queries.goals(now).values(), "to_come": queries.goals_to_come(now), "form": form,
        "may_set": may_set, "clocks": _clocks(now),
    }  # fmt: skip
    return render(request, "service/goals.html", context, status=status)


def _card_part(asked: _Asked, answer: Answer[Scorecard] | None) -> dict[str, Any]:
    """What the part shows; nothing, before anything was counted."""
    if answer is None:
        return {}
    found, goals = answer.value, queries.goals(asked.span.now)
    card = _shown(found, asked.chosen)
    return {
        "counted": answer,
        "card": card,
        "lines": _lines(found, asked.chosen),
        "metrics": [_metric(card, metric, goals) for metric in Metric],
        "parts": [(Inbound(kind).label, share) for kind, share in sorted(card.counted.parts.items())],
        "trend": _trend(found.span, card),
        "clocks": _clocks(asked.span.now),
    }


def _shown(found: Scorecard, chosen: dict[str, Any]) -> Card:
    staff = chosen["staff"]
    ours = [card for card in found.staff if staff and card.key == staff.pk]
    teams = [card for card in found.teams if chosen["department"] and card.key == chosen["department"]]
    return next(iter([*ours, *teams]), found.brand)


def _lines(found: Scorecard, chosen: dict[str, Any]) -> list[Card]:
    if chosen["staff"]:
        return [card for card in found.staff if card.key == chosen["staff"].pk]
    if chosen["department"]:
        return [card for card in found.staff if card.department == chosen["department"]]
    return [*(found.teams if len(found.teams) > 1 else []), *found.staff]


def _staff_ids(chosen: dict[str, Any]) -> list[int] | None:
    """Whose friends: None: everybody's."""
    if chosen["staff"]:
        return [chosen["staff"].pk]
    if chosen["department"]:
        return list(Staff.objects.filter(department=chosen["department"]).values_list("pk", flat=True))
    return None


def _metric(card: Card, metric: Metric, goals: dict[str, ScoreGoal]) -> MetricShown:
    return MetricShown(metric.value, str(metric.label), card.counted.shares[metric], goals.get(metric))


def _trend(span: queries.Span, card: Card) -> charts.Chart | None:
    weeks = [week for week in span.weeks if week <= span.last_day]
    series = {
        str(metric.label): [_percent(card.counted.weeks[metric].get(week)) for week in weeks]
        for metric in Metric
        if card.counted.shares[metric].of
    }
    if not series:
        return None
    names = [f"{week:%m-%d}" for week in weeks]
    return charts.lines(_("每周走势：百分比，横轴为周一"), names, series)


def _percent(share: Share | None) -> float | None:
    return None if share is None or share.share is None else round(share.share * 100, 1)


def _clocks(now: datetime) -> list[ReplyClock]:
    """The times that answers and requests are measured by, one a kind."""
    rows = ReplyClock.objects.filter(valid_from__lte=now).order_by("kind", "-valid_from", "-pk").distinct("kind")
    return list(rows)


def _csv_rows(found: Scorecard, lines: list[Card]) -> Iterator[list[Any]]:
    heads = [
        part for metric in Metric for part in (metric.label, _("%s：符合") % metric.label, _("%s：分母") % metric.label)
    ]
    yield [
        _("团队"), _("员工"), *heads, _("好友"), _("被客户删除"), _("投诉"), _("退订营销"), _("平台：聊天客户"),
        _("平台：回复占比"), _("平台：平均首次回复分钟"), _("平台：删除或拉黑"),
    ]  # fmt: skip
    for card in [found.brand, *lines]:
        yield [card.department, card.title if card.level == "staff" else "", *_csv_shares(card), *_csv_rest(card)]


def _csv_shares(card: Card) -> Iterator[Any]:
    for metric in Metric:
        share = card.counted.shares[metric]
        yield from ("" if share.share is None else f"{share.share:.4f}", share.good, share.of)


def _csv_rest(card: Card) -> list[Any]:
    figures = card.platform
    reply, minutes = figures.reply_share, figures.reply_minutes
    return [
        card.counted.friends, card.counted.removed, card.counted.complained, card.counted.refused, figures.chats,
        "" if reply is None else f"{reply:.4f}", "" if minutes is None else f"{minutes:.1f}", figures.removed,
    ]  # fmt: skip
