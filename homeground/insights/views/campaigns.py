"""Reviews of campaigns: the list, one review, making it anew, closing the campaign with what was learnt."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.insights.forms import CLOSED, OPEN, WAITING, ClosingForm, Filters, Plan
from homeground.insights.models import Review
from homeground.insights.queries import telling
from homeground.insights.queries.plan import planned
from homeground.insights.queries.reviews import CampaignTold, days, earlier, newest, newest_of, tell
from homeground.insights.services import review_campaign
from homeground.insights.views.laying import by_day, laid_out, rates
from homeground.journeys.models import Campaign, Closing, State
from homeground.journeys.services import close_campaign
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_LOOK = "insights.view_review"


@login_required
@permission_required(_LOOK, raise_exception=True)
def reviews(request: HttpRequest) -> HttpResponse:
    """Campaigns that were frozen, the newest first, with what their newest review says."""
    form = Filters(request.GET)
    page = page_of(_chosen(form), request.GET, by=("-frozen_at", "-pk"))
    told = {review.campaign_id: tell(review) for review in newest_of([campaign.pk for campaign in page])}
    rows = [(campaign, told.get(campaign.pk), _stage(campaign)) for campaign in page]
    return render(request, "insights/reviews.html", {"form": form, "page": page, "rows": rows})


def _chosen(form: Filters) -> QuerySet[Campaign]:
    chosen = Campaign.objects.planned().filter(frozen_at__isnull=False)
    if not form.is_valid():
        return chosen
    if link := form.cleaned_data["link"]:
        chosen = chosen.filter(link=link)
    window = ExpressionWrapper(F("window_days") * Value(timedelta(days=1)), output_field=DurationField())
    chosen = chosen.alias(ends_at=F("frozen_at") + window)
    over, closed = Q(ends_at__lte=time.now()), Q(state=State.CLOSED)
    stages = {WAITING: over & ~closed, OPEN: ~over & ~closed, CLOSED: closed}
    return chosen.filter(stages.get(form.cleaned_data["stage"], Q()))


def _stage(campaign: Campaign) -> str:
    if campaign.state == State.CLOSED:
        return CLOSED
    return WAITING if _ends_at(campaign) <= time.now() else OPEN


def _ends_at(campaign: Campaign) -> Any:
    assert campaign.frozen_at
    return campaign.frozen_at + timedelta(days=campaign.window_days)


@login_required
@permission_required(_LOOK, raise_exception=True)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign's review: the newest, or the version that is asked for."""
    campaign = get_object_or_404(Campaign.objects.planned().select_related("segment"), pk=pk)
    return render(request, "insights/review.html", _context(request, campaign, ClosingForm()))


def _context(request: HttpRequest, campaign: Campaign, form: ClosingForm) -> dict[str, Any]:
    versions = Review.objects.filter(campaign=campaign).order_by("-version").defer("content")
    asked = request.GET.get("version", "")
    kept = versions.filter(version=int(asked)).first() if asked.isdecimal() and len(asked) < 9 else newest(campaign.pk)
    context = {
        "campaign": campaign,
        "versions": list(versions[:20]),
        "review": kept,
        "form": form,
        "closing": Closing.objects.filter(campaign=campaign).first(),
        "can_close": campaign.state in (State.SENT, State.CANCELLED),
    }
    return context | (_told(tell(kept)) if kept else {})


def _told(told: CampaignTold) -> dict[str, Any]:
    shown = days(told)
    context: dict[str, Any] = {
        "told": told,
        "headline": telling.headline(told),
        "why": telling.why_not_shown(told),
        "harms": telling.harms(told),
        "hypothesis": telling.hypothesis(told),
        "executed": telling.executed(told),
        "value": telling.value(told),
        "steps": telling.steps(told),
        "proposals": telling.proposals(told),
        "earlier": earlier(told.campaign),
        "tone": {"works": "green", "harms": "red", "not shown": "neutral"}.get(told.review.verdict, "amber"),
    }
    if told.findings:
        arms = told.findings.trial.arms
        context |= laid_out(told.findings, told.sheet)
        context |= {"rates": rates(shown, arms[0], arms[1]), "by_day": by_day(shown)}
    return context


@login_required
@permission_required("insights.make_review", raise_exception=True)
@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the result anew."""
    get_object_or_404(Campaign.objects.planned(), pk=pk)
    try:
        made = review_campaign(pk, by=_login(request.user))
        toast(request, _("复盘已是最新：第 %(version)d 版") % {"version": made.version})
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("insights:review", pk)


@login_required
@permission_required("journeys.close_campaign", raise_exception=True)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the campaign with an explanation and a next action."""
    campaign = get_object_or_404(Campaign.objects.planned(), pk=pk)
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            close_campaign(pk, **form.cleaned_data, closed_by=_login(request.user))
            toast(request, _("活动已复盘结案"))
            return redirect("insights:review", pk)
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "insights/review.html", _context(request, campaign, form), status=422)


def _login(user: AbstractBaseUser | AnonymousUser) -> str:
    return str(user.get_username())


@login_required
@permission_required("journeys.view_campaign", raise_exception=True)
def needed(request: HttpRequest) -> HttpResponse:
    """Enough people? A fragment for the campaign's form, from what has been filled in so far."""
    form = Plan(request.GET)
    plan = planned(**form.cleaned_data) if form.is_valid() else None
    is_rate = request.GET.get("outcome", "ordered") == "ordered"
    return render(request, "insights/needed.html", {"plan": plan, "is_rate": is_rate})
