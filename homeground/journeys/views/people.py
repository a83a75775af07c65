"""The people of a campaign: those of one line of its ledger, and what one of them would read."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from homeground.content.models import Wording
from homeground.content.services import render as render_text
from homeground.core.errors import BusinessError
from homeground.journeys import queries
from homeground.journeys.models import Arm, Campaign, Participant, Touch, TouchState
from homeground.journeys.queries import Line
from homeground.journeys.queries.groups import GroupFate, fates, group_ledger
from homeground.journeys.queries.people import found
from homeground.journeys.queries.reasons import group_label, group_reason
from homeground.journeys.views.laying import label_of
from homeground.ui.paging import page_of

_MOST_GROUPS = 500


@login_required
@permission_required("people.view_customer", raise_exception=True)
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def line_people(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    """The customers of one line."""
    campaign = get_object_or_404(Campaign, pk=pk)
    if campaign.groups is not None:
        return _line_groups(request, campaign, line)
    where = next((one for one in queries.ledger(pk).lines if one.slug == line), None)
    if where is None:
        raise Http404
    page = page_of(_rows(pk, where), request.GET, by=("customer_id", "pk"), size=50)
    rows = [(row.customer, row, _why(row)) for row in page]
    context = {"campaign": campaign, "line": where, "label": label_of(where), "page": page, "rows": rows}
    return render(request, "journeys/people.html", context)


def _line_groups(request: HttpRequest, campaign: Campaign, slug: str) -> HttpResponse:
    line = next((one for one in group_ledger(campaign.pk).lines if one.slug == slug), None)
    if line is None:
        raise Http404
    found = [one for one in fates(campaign.pk) if one.line == slug]
    rows = [(one, _group_why(one)) for one in found[:_MOST_GROUPS]]
    context = {"campaign": campaign, "label": group_label(line.state, line.reason), "rows": rows, "all": len(found)}
    return render(request, "journeys/groups.html", context)


def _group_why(one: GroupFate) -> str:
    words = one.detail.get("words", "") if one.detail else ""
    return group_reason(one.reason, one.detail) if one.reason else words


def _rows(campaign_id: int, line: Line) -> Any:
    if line.arm != Arm.TREATED:
        return Participant.objects.filter(campaign=campaign_id, arm=line.arm).select_related("customer")
    rows = Touch.objects.filter(campaign=campaign_id, state=line.state, reason=line.reason)
    return rows.select_related("customer")


def _why(row: Touch | Participant) -> str:
    if isinstance(row, Participant):
        return ""
    return queries.reason_text(row.state, row.reason, row.detail) if row.reason else str(TouchState(row.state).label)


@login_required
@permission_required("people.view_customer", raise_exception=True)
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The message as one customer would read it: whom ?q= finds, else the first of the audience."""
    campaign = get_object_or_404(Campaign.objects.select_related("message"), pk=pk)
    message = campaign.message
    wording = Wording(message.channel_kind, campaign.subject, campaign.body) if campaign.body else message.wording
    customer = found(campaign, request.GET.get("q", "").strip())
    context: dict[str, Any] = {"campaign": campaign, "customer": customer, "kind": message.channel_kind}
    try:
        context["text"] = render_text(wording, [customer.pk], is_masked=True)[customer.pk] if customer else None
    except BusinessError as refusal:
        context["refusal"] = str(refusal)
    context["is_promotion"] = message.is_promotion if campaign.is_promotion is None else campaign.is_promotion
    return render(request, "journeys/preview.html", context)
