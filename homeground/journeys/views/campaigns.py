"""The list of campaigns, one campaign's page, and what can be done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from homeground.channels.kinds import SHARED
from homeground.channels.models import Channel
from homeground.core.errors import BusinessError
from homeground.journeys import queries, services
from homeground.journeys.forms import CampaignFilter, CustomerSearch
from homeground.journeys.models import Campaign, State
from homeground.journeys.queries import Ledger
from homeground.journeys.queries.groups import GroupLedger, customers_of, delivered, group_ledger, leavers
from homeground.journeys.queries.staff import goes_by_staff, shared_clicks, way
from homeground.journeys.services.groups import opted_out
from homeground.journeys.views.laying import STEPS, group_lines_of, lines_of, step_of, tone
from homeground.people.queries import brand
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast
from homeground.wecom.models import Staff
from homeground.wecom.services import calling

_LIVE = (State.SENDING,)


@login_required
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns, newest first, harm beside gain (M2)."""
    form = CampaignFilter(request.GET)
    page = page_of(_chosen(form), request.GET, by=("-created_at", "-pk"))
    numbers = [campaign.pk for campaign in page]
    received, groups = queries.receptions(numbers), delivered(numbers)
    shared = set(Channel.objects.filter(kind__in=SHARED).values_list("slug", flat=True))
    rows = [
        (one, tone(one.state), received.get(one.pk, queries.Reception()), groups.get(one.pk), one.channel in shared)
        for one in page
    ]
    return render(request, "journeys/campaigns.html", {"form": form, "page": page, "rows": rows})


def _chosen(form: CampaignFilter) -> QuerySet[Campaign]:
    rows = Campaign.objects.planned().select_related("segment")
    given = form.cleaned_data if form.is_valid() else {}
    wanted = {name: given[name] for name in ("link", "state") if given.get(name)}
    return rows.filter(**wanted, name__contains=given.get("q", ""))


@login_required
@permission_required("journeys.view_campaign", raise_exception=True)
@require_GET
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: where it stands, its people line by line, what was received, what it says."""
    shown = get_object_or_404(Campaign.objects.select_related("segment", "need", "message", "version__journey"), pk=pk)
    if shown.version:
        return redirect("journey:journey", shown.version.journey.slug)
    ledger: Ledger | GroupLedger = queries.ledger(pk) if shown.groups is None else group_ledger(pk)
    page = {
        "campaign": shown,
        "tone": tone(shown.state),
        "steps": STEPS,
        "step": step_of(shown),
        "ledger": ledger,
        "lines": lines_of(ledger) if isinstance(ledger, Ledger) else group_lines_of(ledger),
        "reception": queries.receptions([pk]).get(pk, queries.Reception()),
        "cost_minor": ledger.reached * shown.touch_cost_minor,
        "currency": brand().currency,
        "channels": {channel.slug: channel.title for channel in Channel.objects.all()},
        "is_live": shown.state in _LIVE,
        "next_due_at": services.next_due_at(pk) if shown.state in _LIVE else None,
        "search": CustomerSearch(),
    }
    if shown.groups is not None:
        people = customers_of(pk)
        if shown.frozen_at:
            page |= dict(zip(("left", "left_of_held"), leavers(shown), strict=True))
        page |= {"customers": people, "opted_out": opted_out(people) if shown.state == State.FROZEN else 0}
    if shown.frozen_at and goes_by_staff(shown):
        sort = request.GET.get("sort", "")
        page |= {"way": way(shown, sort), "sort": sort, "clicks": shared_clicks(shown)}
    return render(request, "journeys/campaign.html#live" if request.htmx else "journeys/campaign.html", page)  # type: ignore[attr-defined]


def _doing(work: Callable[[int], Any], done: str | Promise) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of the campaign's page: do it, say it, and show the page again."""

    @login_required
    @permission_required("journeys.send_campaign", raise_exception=True)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(Campaign.objects.planned(), pk=pk)
        try:
            work(pk)
            toast(request, str(done))
        except BusinessError as refusal:
            toast(request, str(refusal), level="error")
        return redirect("journeys:campaign", pk)

    return view


freeze = _doing(services.freeze_campaign, gettext_lazy("受众已锁定，每个人的去向都在下面的名册里"))
start = _doing(services.start_campaign, gettext_lazy("已开始发送"))
pause = _doing(services.pause_campaign, gettext_lazy("已暂停，未发送的会留在队列里"))
resume = _doing(services.resume_campaign, gettext_lazy("继续发送"))
remind = _doing(calling.remind_campaign, gettext_lazy("已提醒所有还没确认的员工"))
cancel = _doing(services.cancel_campaign, gettext_lazy("已取消，未发送的不会再发"))


@login_required
@permission_required("journeys.send_campaign", raise_exception=True)
@require_POST
def call_on(request: HttpRequest, pk: int, staff_id: int) -> HttpResponse:
    """Ask one member of staff by a message of the app."""
    member = get_object_or_404(Staff, pk=staff_id)
    try:
        calling.call_on(get_object_or_404(Campaign.objects.planned(), pk=pk).pk, member.pk)
        toast(request, _("已给%s发应用消息") % member.title)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("journeys:campaign", pk)
