"""The home page: how the loop runs, what today wants, and how to begin."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeground.console import queries
from homeground.console.forms import Period
from homeground.core import time
from homeground.core.loop import Link
from homeground.insights import queries as insights
from homeground.insights.queries.loop_shape import Loop
from homeground.ui import charts

SPANS = (7, 30, 90)  # Days of the quick choices.
USUAL = 30


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Existing customers first (M38), then the five links in order (M1), each gain beside its cost and harm (M2).

    Staff who see their own customers alone have a page of their own.
    """
    if hasattr(request.user, "staff") and not request.user.has_perm("people.view_customer"):
        return redirect("service_public:day")
    last = _last_day()
    form = Period(request.GET or None)
    since, until = form.span() if form.is_valid() else (last - timedelta(days=USUAL - 1), last)
    beginning = queries.beginning()
    shown = insights.loop(since, until) if beginning.has_customers else None
    context = {
        "form": Period(initial={"since": since, "until": until}) if form.is_valid() or not form.is_bound else form,
        "spans": [(days, last - timedelta(days=days - 1), last) for days in SPANS],
        "since": since,
        "until": until,
        "beginning": beginning,
        "loop": shown,
        "trend": _trend(shown) if shown else None,
        "matters": queries.matters(request.user),
    }
    return render(request, "console/home.html", context)


def _last_day() -> date:
    """The newest day that has events, so that a replayed order log opens on its own days; else today."""
    days = insights.days_with_data()
    return days[1] if days else time.day_of(time.now(), queries.brand().time_zone)


def _trend(shown: Loop) -> charts.Chart | None:
    """People a day by link, a line each; touches come in bursts, so they are bars with an axis of their own."""
    series: dict[str, list[int | None]] = {}
    for link in shown.links:
        if link.series and list(link.series) not in series.values():  # Retain and convert may count the same people.
            series[f"{link.label} · {link.series_label}"] = list(link.series)
    days = [day.strftime("%m-%d") for day in shown.days]
    touched = next((f"{link.label} · {link.series_label}" for link in shown.links if link.key == Link.ACTIVATE), "")
    return charts.lines(_("五个环节每天的走势"), days, series, bars=[touched]) if series else None
