"""What the lead sets: clocks, retention, capacity, minutes, intervals, covers."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.service.forms.day import CapacityForm, ClockForm, FollowUpRuleForm, MinutesForm, RetentionForm
from homeground.service.models import Capacity, ChatRetention, Cover, FollowUpRule, ReplyClock
from homeground.service.queries.day import minutes_of_work
from homeground.service.services import rules as services
from homeground.service.services.tasks import today
from homeground.ui.toasts import toast

_MAY = "service.change_clocks"
_HISTORY = 30
Save = Callable[[Any, str], object]


@login_required
@permission_required("service.view_replyclock", raise_exception=True)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """What counts now, what counted, and the forms to change it."""
    return render(request, "service/rules.html", _context({}))


@login_required
@permission_required(_MAY, raise_exception=True)
@require_POST
def set_rule(request: HttpRequest, what: str) -> HttpResponse:
    """A new clock, retention, rule, or another amount."""
    if what not in _FORMS:
        raise Http404
    kind, save = _FORMS[what]
    form = kind(request.POST)
    if form.is_valid():
        try:
            save(form, request.user.get_username())
            toast(request, _("已保存"))
            return redirect("service:rules")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "service/rules.html", _context({what: form}), status=422)


@login_required
@permission_required(_MAY, raise_exception=True)
@require_POST
def remove(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """An interval or a cover that counts no more."""
    {"follow-up": services.remove_follow_up_rule, "cover": services.end_cover}[what](int(pk))
    toast(request, _("已删除"))
    return redirect("service:rules")


def _context(given: dict[str, Any]) -> dict[str, Any]:
    at = time.now()
    clocks = list(ReplyClock.objects.order_by("kind", "-valid_from", "-pk")[: _HISTORY * 5])
    counting = {row.kind: row for row in reversed(clocks) if row.valid_from <= at}
    retentions = list(ChatRetention.objects.order_by("-valid_from", "-pk")[:_HISTORY])
    return {
        "clocks": list(counting.values()),
        "clock_history": [row for row in clocks if counting.get(row.kind) != row],
        "retention": next((row for row in retentions if row.valid_from <= at), None),
        "retention_history": retentions,
        "follow_ups": FollowUpRule.objects.all(),
        "capacities": Capacity.objects.select_related("staff").order_by("staff__name"),
        "covers": Cover.objects.filter(ends_on__gte=today(at)).select_related("staff", "by"),
        "forms": {name: given.get(name) or _fresh(name, at) for name in _FORMS},
        "wrong": next(iter(given), ""),
        "usual": Capacity.USUAL_MINUTES,
        "now": at,
    }


def _fresh(name: str, at: Any) -> Any:
    initial: dict[str, Any] = {
        "clock": {"valid_from": at, "starts": "09:00", "ends": "21:00", "weekdays": services.EVERY_DAY},
        "retention": {"valid_from": at},
        "minutes": minutes_of_work(),
        "capacity": {"weekdays": Capacity.USUAL_WEEKDAYS, "minutes": Capacity.USUAL_MINUTES},
    }
    kind, _save = _FORMS[name]
    return kind(initial=initial.get(name, {}))


def _save_clock(form: ClockForm, by: str) -> object:
    row = form.save(commit=False)
    row.set_by = by
    return services.set_clock(row)


def _save_retention(form: RetentionForm, by: str) -> object:
    row = form.save(commit=False)
    row.set_by = by
    return services.set_retention(row)


def _save_capacity(form: CapacityForm, by: str) -> None:
    for staff in form.cleaned_data["staff"]:
        services.set_capacity(staff, form.cleaned_data["minutes"], form.cleaned_data["weekdays"])


_FORMS: dict[str, tuple[Any, Save]] = {
    "clock": (ClockForm, _save_clock),
    "retention": (RetentionForm, _save_retention),
    "follow-up": (FollowUpRuleForm, lambda form, by: services.add_follow_up_rule(**form.cleaned_data)),
    "minutes": (MinutesForm, lambda form, by: services.set_work_minutes(form.cleaned_data)),
    "capacity": (CapacityForm, _save_capacity),
}
