"""Drafts: new, edit, copy, throw away, and what a plan would need."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.channels.kinds import SHARED
from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.journeys import queries, services
from homeground.journeys.forms import CampaignForm, GroupFields
from homeground.journeys.models import Campaign, State
from homeground.journeys.queries.reasons import group_reason
from homeground.journeys.services.groups import preview
from homeground.segments import services as segments
from homeground.segments.models import Segment
from homeground.ui.toasts import toast
from homeground.wecom.queries import mass

_SHOWN = 8  # Members in the fragment; the rest is a number.
_FEW = 20  # Groups: held out whole, fewer show nothing but an enormous effect.


@login_required
@permission_required("journeys.add_campaign", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new draft; ?segment=SLUG starts from a segment."""
    segment = Segment.objects.filter(slug=request.GET.get("segment", "")).first()
    draft = Campaign(created_by=request.user.get_username())
    return _draft(request, draft, {"segment": segment} if segment else {})


@login_required
@permission_required("journeys.change_campaign", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; what is frozen is shown on its page instead."""
    draft = get_object_or_404(Campaign.objects.planned(), pk=pk)
    if draft.state != State.DRAFT:
        toast(request, _("受众已锁定，不能再修改；可以复制一份。"), level="warning")
        return redirect("journeys:campaign", pk)
    return _draft(request, draft, {})


def _draft(request: HttpRequest, draft: Campaign, initial: dict[str, Any]) -> HttpResponse:
    form = CampaignForm(request.POST or None, instance=draft, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_draft(form.save(commit=False))
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("草稿已保存"))
            return redirect("journeys:campaign", saved.pk)
    status = 422 if form.is_bound else 200
    return render(request, "journeys/draft.html", {"form": form, "campaign": draft}, status=status)


@login_required
@permission_required("journeys.add_campaign", raise_exception=True)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same again, as a draft."""
    made = services.copy_campaign(
        get_object_or_404(Campaign.objects.planned(), pk=pk).pk, by=request.user.get_username()
    )
    toast(request, _("已复制为草稿"))
    return redirect("journeys:edit", made.pk)


@login_required
@permission_required("journeys.delete_campaign", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        services.delete_draft(get_object_or_404(Campaign.objects.planned(), pk=pk).pk)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("journeys:campaign", pk)
    toast(request, _("草稿已删除"))
    return redirect("journeys:campaigns")


@login_required
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """A fragment beside the form: how many people, and how many the answer would take (insights says)."""
    given = {name: CampaignForm.base_fields[name] for name in ("base_bp", "expected_lift_bp", "holdout_bp")}
    figures = {name: _basis_points(request.GET.get(name, "")) for name in given}
    number = request.GET.get("segment", "")
    segment = Segment.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    everywhere = queries.policy_at(time.now()).holdout
    page = {
        "segment": segment,
        "figures": figures,
        "outcome": request.GET.get("primary_outcome", ""),
        "global_bp": everywhere.share_bp if everywhere else 0,
    }
    form = GroupFields(request.GET)
    if form.is_valid() and form.groups is not None:
        return render(request, "journeys/group_plan.html", page | _groups(segment, form.groups, request.GET))
    page |= _staffing(segment, request.GET.get("channel", ""))
    return render(request, "journeys/plan.html", page)


def _groups(segment: Segment | None, wanted: dict[str, Any], given: QueryDict) -> dict[str, Any]:
    """Which groups it would go to now, and who of them would be left out why."""
    if segment is None:
        return {}
    number = given.get("message", "")
    message = Message.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    is_promotion = message is None or message.is_promotion
    found = preview(wanted, segments.members(segment), is_promotion=is_promotion, at=time.now())
    reasons = [(group_reason(reason), count) for reason, count in found.left_out.items()]
    holdout_bp = _basis_points(given.get("holdout_bp", "")) or 0
    return {
        "plan": found,
        "reasons": reasons,
        "held": round(found.groups * holdout_bp / 10_000),
        "is_few": found.groups < _FEW,
    }


def _staffing(segment: Segment | None, slug: str) -> dict[str, Any]:
    """Where staff confirm: what is different, and who of them would serve how many of the audience."""
    channel = Channel.objects.filter(slug=slug, kind__in=SHARED).first()
    if channel is None:
        return {}
    members = mass.members(segments.members(segment)) if segment else []
    served = [line for line in members if line.staff_id]
    quota = queries.policy_at(time.now()).quotas.get(channel.kind)
    return {
        "channel": channel,
        "members": served[:_SHOWN],
        "more_members": len(served) - _SHOWN,
        "alone": sum(line.customers for line in members if not line.staff_id),
        "quota": quota,
    }


def _basis_points(percent: str) -> int | None:
    try:
        return round(float(percent) * 100)
    except (ValueError, OverflowError):
        return None
