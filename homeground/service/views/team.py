"""今日工作 for the lead: who needs help, and what the lead can do about it."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homeground.core.errors import BusinessError
from homeground.service.errors import BadTask
from homeground.service.forms.day import HandForm, MoveForm
from homeground.service.models import Cover
from homeground.service.queries.day import loads
from homeground.service.queries.sight import LEADS
from homeground.service.queries.team import team as team_now
from homeground.service.services import rules, tasks
from homeground.ui.toasts import toast
from homeground.wecom.models import Staff

_ARRANGES = "service.assign_task"


@login_required
@permission_required(LEADS, raise_exception=True)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Every member: waits now, late, planned and doable."""
    words = request.GET.get("q", "")
    return render(request, "service/team.html", {"team": team_now(words), "q": words})


@login_required
@permission_required([LEADS, _ARRANGES], raise_exception=True)
@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """What will not fit in one member's day, and where it may go."""
    staff = get_object_or_404(Staff, pk=pk)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            toast(request, _act(staff, form.cleaned_data, request.user.get_username()))
            return redirect("service:team")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "staff": staff,
        "load": loads([staff.pk])[staff.pk],
        "form": form,
        "covers": Cover.objects.filter(staff=staff, ends_on__gte=tasks.today()).select_related("by"),
    }
    return render(request, "service/arrange.html", context, status=422 if form.errors else 200)


@login_required
@permission_required([LEADS, _ARRANGES], raise_exception=True)
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest) -> HttpResponse:
    """A task given by hand."""
    form = HandForm(request.POST if request.method == "POST" else None, initial={"due_on": tasks.today()})
    if form.is_valid():
        try:
            given = tasks.give_by_hand(**form.cleaned_data, by=_name(request.user))
            toast(request, _("已交办给 %d 位员工") % given)
            return redirect("service:team")
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "service/hand.html", {"form": form}, status=422 if form.errors else 200)


def _act(staff: Staff, given: dict[str, Any], by: str) -> str:
    how, to, until = given["how"], given["to"], given["until"]
    ids = tasks.movable(staff, given["count"] or 0) if how != "cover" else []
    if how == "postpone":
        return _("已顺延 %d 件") % tasks.postpone(ids, _day(until))
    if to is None:
        raise BadTask(_("请选择一位同事。"))
    if how == "move":
        return _("已转给 %(name)s %(count)d 件") % {"name": to.title, "count": tasks.move(ids, to, by)}
    rules.add_cover(staff=staff, by=to, starts_on=tasks.today(), ends_on=_day(until), set_by=by)
    return str(_("%s 现在也能看到并处理这位员工的工作") % to.title)


def _day(until: date | None) -> date:
    if until is None:
        raise BadTask(_("请选择到哪一天。"))
    return until


def _name(user: Any) -> str:
    return str(user.first_name or user.get_username())
