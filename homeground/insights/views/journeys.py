"""Reviews of journeys: the list, one review, making it anew, what was concluded from it."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeground.core.errors import BusinessError
from homeground.insights.forms import ClosingForm, JourneyFilters
from homeground.insights.models import Conclusion, JourneyReview
from homeground.insights.queries import journey_telling, telling
from homeground.insights.queries.journey_reviews import (
    JourneyTold,
    newest_of_journey,
    newest_of_journeys,
    tell_journey,
)
from homeground.insights.queries.reviews import days
from homeground.insights.services import conclude_journey, review_journey
from homeground.insights.views.laying import by_day, laid_out, rates
from homeground.journeys.models import Journey
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_LOOK = "insights.view_review"
_TONES = {"works": "green", "harms": "red", "not shown": "neutral"}


@login_required
@permission_required(_LOOK, raise_exception=True)
def reviews(request: HttpRequest) -> HttpResponse:
    """Journeys that went live, the newest first, with what their newest review says."""
    form = JourneyFilters(request.GET)
    chosen = Journey.objects.exclude(state=Journey.State.DRAFT)
    if form.is_valid():
        chosen = chosen.filter(**{name: value for name, value in form.cleaned_data.items() if value})
    page = page_of(chosen, request.GET, by=("-created_at", "-pk"))
    ids = [journey.pk for journey in page]
    told = {review.journey_id: tell_journey(review) for review in newest_of_journeys(ids)}
    counts = dict(Journey.objects.filter(pk__in=ids).values_list("pk").annotate(people=Count("enrolments")))
    rows = [(journey, told.get(journey.pk), counts.get(journey.pk, 0)) for journey in page]
    return render(request, "insights/journey_reviews.html", {"form": form, "page": page, "rows": rows})


@login_required
@permission_required(_LOOK, raise_exception=True)
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """One journey's review: the newest, or the version that is asked for."""
    journey = get_object_or_404(Journey, slug=slug)
    return render(request, "insights/journey_review.html", _context(request, journey, ClosingForm()))


@login_required
@permission_required("insights.make_review", raise_exception=True)
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the result anew."""
    get_object_or_404(Journey, slug=slug)
    try:
        made = review_journey(slug, by=request.user.get_username())
        toast(request, _("复盘已是最新：第 %(version)d 版") % {"version": made.version})
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    return redirect("insights:journey_review", slug)


@login_required
@permission_required("journeys.close_campaign", raise_exception=True)
@require_POST
def conclude(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down why the newest reading is what it is, and what comes next."""
    journey = get_object_or_404(Journey, slug=slug)
    form, kept = ClosingForm(request.POST), newest_of_journey(journey.pk)
    if kept and form.is_valid():
        try:
            conclude_journey(kept.pk, **form.cleaned_data, by=request.user.get_username())
            toast(request, _("结论已记下"))
            return redirect("insights:journey_review", slug)
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "insights/journey_review.html", _context(request, journey, form), status=422)


def _context(request: HttpRequest, journey: Journey, form: ClosingForm) -> dict[str, Any]:
    versions = JourneyReview.objects.filter(journey=journey).order_by("-version").defer("content")
    asked = request.GET.get("version", "")
    named = asked.isdecimal() and len(asked) < 9
    newest = newest_of_journey(journey.pk)
    kept = versions.filter(version=int(asked)).first() if named else newest
    context = {
        "journey": journey,
        "versions": list(versions[:20]),
        "review": kept,
        "form": form,
        "is_newest": kept == newest,
        "conclusion": Conclusion.objects.filter(review=kept).first() if kept else None,
        "earlier": Conclusion.objects.filter(review__journey=journey)
        .exclude(review=kept)
        .order_by("-concluded_at")[:5],
    }
    return context | (_told(tell_journey(kept)) if kept else {})


def _told(told: JourneyTold) -> dict[str, Any]:
    context: dict[str, Any] = {
        "told": told,
        "headline": journey_telling.headline(told),
        "counted": journey_telling.counted(told),
        "why": telling.why_not_shown(told),
        "harms": telling.harms(told),
        "executed": journey_telling.executed(told),
        "value": telling.value(told),
        "steps": journey_telling.steps(told),
        "walks": journey_telling.walks(told),
        "proposals": journey_telling.proposals(told),
        "tone": _TONES.get(told.review.verdict, "amber"),
    }
    if told.tried:
        tried = laid_out(told.tried, told.tried_sheet)
        context |= {"tried": tried["panels"], "tried_sheet": tried["sheet"]}
    if told.findings:
        shown, arms = days(told), told.findings.trial.arms
        context |= laid_out(told.findings, told.sheet)
        context |= {"rates": rates(shown, arms[0], arms[1]), "by_day": by_day(shown)}
    return context
