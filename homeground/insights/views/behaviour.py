"""Behaviour by segment and by cohort: who acts alike, and what a buyer is worth month by month."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.insights.queries.behaviour import Cohort, by_segment, cohorts
from homeground.insights.queries.loop import days_with_data
from homeground.people.queries import brand
from homeground.ui import charts

SPANS = (30, 90, 365)


@login_required
@permission_required("insights.view_review", raise_exception=True)
def behaviour(request: HttpRequest) -> HttpResponse:
    """Segments over a span that ends with the newest day that has events; cohorts of the year before it."""
    days = next((days for days in SPANS if request.GET.get("days") == str(days)), SPANS[1])
    last = _last_day()
    since = last - timedelta(days=days - 1)
    made = cohorts(last)
    context = {
        "since": since,
        "until": last,
        "days": days,
        "spans": SPANS,
        "segments": by_segment(since, last),
        "cohorts": made,
        "heatmap": _heatmap(made) if made else None,
        "currency": brand().currency,
    }
    return render(request, "insights/behaviour.html", context)


def _last_day() -> date:
    days = days_with_data()
    return days[1] if days else time.day_of(time.now(), brand().time_zone)


def _heatmap(made: Sequence[Cohort]) -> charts.Chart:
    width = max(len(cohort.shares) for cohort in made)
    rows = [[round(100 * share, 1) for share in cohort.shares[1:]] for cohort in made]
    padded = [[*row, *[None] * (width - 1 - len(row))] for row in rows]
    return charts.heatmap(
        _("首购之后每个月的复购率（%）"),
        [str(place) for place in range(1, width)],
        [f"{cohort.month:%Y-%m}" for cohort in made],
        padded,
    )
