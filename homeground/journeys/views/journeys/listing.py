"""The list of journeys, and a new one: empty, or from an example."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.journeys.forms import JourneyFilter, JourneyForm
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.queries import journeys as queries
from homeground.journeys.services import publishing
from homeground.journeys.starters import STARTERS, starter
from homeground.journeys.views.journeys.asking import TONES, may, who
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast


@may("view_journey")
@require_GET
def journey_list(request: HttpRequest) -> HttpResponse:
    """Journeys, newest first, with who is in them."""
    form = JourneyFilter(request.GET)
    page = page_of(_chosen(form), request.GET, by=("-created_at", "-id"))
    figures = queries.numbers([journey.pk for journey in page])
    rows = [
        (journey, TONES[journey.state], figures[journey.pk], figures[journey.pk].endings.get(Enrolment.Ending.GOAL, 0))
        for journey in page
    ]
    return render(
        request, "journeys/journey/list.html", {"form": form, "page": page, "rows": rows, "starters": STARTERS}
    )


def _chosen(form: JourneyFilter) -> QuerySet[Journey]:
    given = form.cleaned_data if form.is_valid() else {}
    wanted = {name: given[name] for name in ("link", "state") if given.get(name)}
    return Journey.objects.select_related("live").filter(**wanted, name__icontains=given.get("q", ""))


@may("add_journey")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What it is for, before it is drawn."""
    form = JourneyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = publishing.create(by=who(request), **form.cleaned_data)
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("journey:edit", made.slug)
    status = 422 if form.is_bound else 200
    context = {"form": form, "starters": STARTERS}
    return render(request, "journeys/journey/new.html", context, status=status)


@may("add_journey")
@require_POST
def start_from(request: HttpRequest, key: str) -> HttpResponse:
    """A draft from an example, ready to be fitted."""
    chosen = next((one for one in STARTERS if one.key == key), None)
    if chosen is None:
        raise Http404
    made = publishing.create(by=who(request), **starter(chosen))
    toast(request, _("已按示例新建草稿，请在画布上补全标红的节点"))
    return redirect("journey:edit", made.slug)
