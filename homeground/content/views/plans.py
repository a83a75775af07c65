"""One post: written, planned, followed."""

from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homeground.content import queries, services
from homeground.content.errors import OneSidedFeed
from homeground.content.forms import PlanForm, Tray
from homeground.content.forms.tray import items_of
from homeground.content.models import MomentPlan, Persona, PersonaSlot
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.people.queries import brand
from homeground.ui.toasts import toast

_EVENING = clock(20, 0)
State = MomentPlan.State


@login_required
@permission_required("content.add_momentplan", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new post, for the day or the slot that the calendar says."""
    plan = MomentPlan(created_by=request.user.get_username()[:150], planned_at=_tomorrow_evening())
    return _editor(request, plan, {} if request.method == "POST" else _first_values(request))


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of a post that is still ours; of one that was handed over, what became of it."""
    found = get_object_or_404(MomentPlan.objects.select_related("moment", "persona"), pk=pk)
    if found.state in (State.DRAFT, State.PLANNED, State.FAILED) and request.user.has_perm("content.change_momentplan"):
        return _editor(request, found, {})
    return render(request, "content/post.html", _report(found))


@login_required
@permission_required("content.change_momentplan", raise_exception=True)
@require_POST
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned post back."""
    _said(request, lambda: services.unschedule_plan(pk), _("已撤回为草稿"))
    return redirect("content:plan", pk)


@login_required
@permission_required("content.delete_momentplan", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a post that was never handed over."""
    if _said(request, lambda: services.delete_plan(pk), _("已删除")):
        return redirect("content:moments")
    return redirect("content:plan", pk)


@login_required
@permission_required("content.change_momentplan", raise_exception=True)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody publish it who has not yet."""
    _said(request, lambda: services.stop_plan(pk), _("已停止：没发的不会再发，已发的不受影响"))
    return redirect("content:plan", pk)


@login_required
@permission_required("content.view_momentplan", raise_exception=True)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A fragment: the post as it stands in the editor, its size, and what it does to the feeds."""
    form = PlanForm(request.POST)
    form.full_clean()
    given = form.cleaned_data
    context: dict[str, Any] = {"text": given.get("text", ""), "items": items_of(request.POST)}
    context |= {"bytes": len(context["text"].encode()), "persona": given.get("persona")}
    return render(request, "content/plan_preview.html", context | {"outlook": _outlook(request, given)})


def _editor(request: HttpRequest, plan: MomentPlan, initial: dict[str, Any]) -> HttpResponse:
    form = PlanForm(request.POST or None, instance=plan, initial=initial)
    items = items_of(request.POST) if form.is_bound else plan.attachments
    if request.method == "POST" and form.is_valid() and (done := _saved(request, form, items)):
        return done
    page = {"form": form, "plan": plan, "tray": Tray("moments", items), "has_staff": form.fields["senders"].queryset}  # type: ignore[attr-defined]
    page["needs_override"] = bool(form.errors.get("override_reason"))
    return render(request, "content/plan.html", page, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, form: PlanForm, items: list[dict[str, Any]]) -> HttpResponse | None:
    """Where to go on after saving; None: the form says what is wrong."""
    draft, pk = form.save(commit=False), form.instance.pk
    draft.attachments = items
    try:
        with transaction.atomic():  # A post that may not be planned is not half saved.
            _write(request, draft, form.cleaned_data)
    except BusinessError as refusal:
        draft.pk = pk
        form.add_error("override_reason" if isinstance(refusal, OneSidedFeed) else None, str(refusal))
        return None
    toast(request, _("已排期，到点会自动下发给员工") if "schedule" in request.POST else _("草稿已保存"))
    return redirect("content:plan", draft.pk)


def _write(request: HttpRequest, draft: MomentPlan, given: dict[str, Any]) -> None:
    tag_ids, staff_ids = [tag.pk for tag in given["tags"]], [staff.pk for staff in given["senders"]]
    services.save_plan(draft, tag_ids=tag_ids, staff_ids=staff_ids)
    if "schedule" in request.POST:
        services.schedule_plan(
            draft.pk,
            by=request.user.get_username(),
            override_reason=given["override_reason"],
            may_override=request.user.has_perm("content.override_mix"),
        )


def _outlook(request: HttpRequest, given: dict[str, Any]) -> queries.Outlook | None:
    if not (given.get("kind") and given.get("planned_at")):
        return None
    pk = request.POST.get("plan", "")
    plan = MomentPlan(
        pk=int(pk) if pk.isdecimal() and len(pk) < 18 else None,
        kind=given["kind"],
        planned_at=given["planned_at"],
        is_by_all=given["is_by_all"],
    )
    return queries.outlook_of(plan, senders=list(given.get("senders") or []))


def _report(plan: MomentPlan) -> dict[str, Any]:
    posts = queries.staff_posts(plan.moment_id) if plan.moment_id else []
    shown = [post for post in posts if post.published_at]
    return {
        "plan": plan,
        "posts": posts,
        "published": len(shown),
        "viewers": sum(post.viewers for post in shown),
        "likes": sum(post.likes for post in shown),
        "comments": sum(post.comments for post in shown),
        "steps": [label for value, label in State.choices if value not in (State.HANDING, State.FAILED)],
        "step": {State.HANDED: 2, State.CLOSED: 3}.get(State(plan.state), 1),
    }


def _first_values(request: HttpRequest) -> dict[str, Any]:
    """What the calendar gave along: a day, a persona, a slot."""
    values: dict[str, Any] = {}
    slot = _one(PersonaSlot.objects.select_related("persona"), request.GET.get("slot", ""))
    persona = slot.persona if slot else _one(Persona.objects, request.GET.get("persona", ""))
    if persona:
        values |= {"persona": persona, "senders": [persona.staff_id] if persona.staff_id else []}
    if slot:
        values |= {"kind": slot.kind, "topic": slot.topic}
    if day := _day(request.GET.get("day", "")):
        values["planned_at"] = datetime.combine(day, slot.at if slot else _EVENING, ZoneInfo(brand().time_zone))
    return values


def _one(rows: Any, pk: str) -> Any:
    return rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _tomorrow_evening() -> datetime:
    zone = brand().time_zone
    day = time.day_of(time.now(), zone) + timedelta(days=1)
    return datetime.combine(day, _EVENING, ZoneInfo(zone))


def _said(request: HttpRequest, act: Any, text: str) -> bool:
    try:
        act()
        toast(request, text)
        return True
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return False
