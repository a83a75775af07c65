"""Sources: what they cost and what they bring."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.growth.forms import CostFileForm, CostForm, SourceFilter, SourceForm
from homeground.growth.models import Door, Source, SourceCost
from homeground.growth.queries import value
from homeground.growth.queries.documents import months_back
from homeground.growth.services import sources
from homeground.people.queries import brand
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_MONTHS = 12
_EVER = date(2020, 1, 1)


@login_required
@permission_required("growth.view_source", raise_exception=True)
@require_GET
def source_list(request: HttpRequest) -> HttpResponse:
    """Sources, newest first: cost, people, buyers and value of the months shown, each with its denominator."""
    form = SourceFilter(request.GET)
    page = page_of(_chosen(form), request.GET)
    since, until = months_back(_months(request))
    worths = value.worths([*page], since, until)
    totals = {source.pk: value.total(worths[source.pk]) for source in page}
    alarms = {source.pk: value.followers_alarm(source, people) for source, people in _people_ever([*page])}
    shown = {
        "form": form, "page": page, "since": since, "until": until, "currency": brand().currency,
        "rows": [(source, totals[source.pk], alarms.get(source.pk, "")) for source in page],
        "upload": CostFileForm(), "is_narrowed": any(request.GET.get(name) for name in ("q", "kind")),
    }  # fmt: skip
    return render(request, "growth/sources.html", shown)


def _chosen(form: SourceFilter) -> QuerySet[Source]:
    given = form.cleaned_data if form.is_valid() else {}
    rows = Source.objects.filter(name__contains=given.get("q", ""))
    return rows.filter(kind=given["kind"]) if given.get("kind") else rows


def _months(request: HttpRequest) -> int:
    text = request.GET.get("months", "")
    return int(text) if text in ("1", "3", "6", "12") else 3


def _people_ever(sources: Sequence[Source]) -> list[tuple[Source, int]]:
    """Those with followers, and who came of these over all time: followers are of all time, too (M26)."""
    known = [source for source in sources if source.followers]
    if not known:
        return []
    ever = value.worths(known, _EVER, months_back(1)[1])
    return [(source, value.total(ever[source.pk]).brought.people) for source in known]


@login_required
@permission_required("growth.view_source", raise_exception=True)
@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source by month of the first arrival, with its costs."""
    return _page(request, get_object_or_404(Source, pk=pk), CostForm())


def _page(request: HttpRequest, shown: Source, form: CostForm, status: int = 200) -> HttpResponse:
    since, until = months_back(_MONTHS)
    months = value.worths([shown], since, until)[shown.pk]
    page: dict[str, Any] = {
        "source": shown,
        "months": _since_first(months),
        "total": value.total(months),
        "since": since,
        "until": until,
        "currency": brand().currency,
        "costs": shown.costs.all()[:200],
        "doors": Door.objects.filter(source=shown).defer("picture"),
        "form": form,
        "alarm": "",
    }
    for _source, people in _people_ever([shown]):
        page |= {"alarm": value.followers_alarm(shown, people), "entered": people / (shown.followers or 1)}
    return render(request, "growth/source.html", page, status=status)


def _since_first(months: Mapping[date, value.Worth]) -> list[tuple[date, value.Worth]]:
    """Newest first, back to the first month with people or cost."""
    told = [month for month, worth in months.items() if worth.brought.people or worth.cost_minor is not None]
    first = min(told, default=max(months))
    return [(month, worth) for month, worth in reversed([*months.items()]) if month >= first]


@login_required
@permission_required("growth.add_source", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new source."""
    return _edit(request, None)


@login_required
@permission_required("growth.change_source", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source."""
    return _edit(request, get_object_or_404(Source, pk=pk))


def _edit(request: HttpRequest, shown: Source | None) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        try:
            saved = sources.save_source(shown.pk if shown else None, form.cleaned_data)
        except BusinessError as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("来源已保存"))
            return redirect("growth:source", saved.pk)
    page = {"form": form, "source": shown}
    return render(request, "growth/edit_source.html", page, status=422 if form.is_bound else 200)


@login_required
@permission_required("growth.change_source", raise_exception=True)
@require_POST
def add_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a cost down."""
    shown = get_object_or_404(Source, pk=pk)
    form = CostForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form, 422)
    try:
        sources.add_cost(form.said(shown, brand().currency), by=request.user.get_username())
    except BusinessError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, shown, form, 422)
    toast(request, _("费用已记下"))
    return redirect("growth:source", pk)


@login_required
@permission_required("growth.change_source", raise_exception=True)
@require_POST
def remove_cost(request: HttpRequest, pk: int, cost_id: int) -> HttpResponse:
    """Strike a cost out."""
    cost = get_object_or_404(SourceCost, pk=cost_id, source=pk)
    sources.remove_cost(cost.pk)
    toast(request, _("费用已删除"))
    return redirect("growth:source", pk)


@login_required
@permission_required("growth.change_source", raise_exception=True)
@require_POST
def import_costs(request: HttpRequest) -> HttpResponse:
    """Costs from a file: all lines or none."""
    form = CostFileForm(request.POST, request.FILES)
    if not form.is_valid():
        toast(request, _("请选择一个 5 MB 以内的 CSV 文件。"), level="error")
        return redirect("growth:sources")
    try:
        found = sources.import_costs(form.cleaned_data["file"].read(), by=request.user.get_username())
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    else:
        added = ngettext("导入 %d 笔费用", "导入 %d 笔费用", found.added) % found.added
        rest = _("更新 %(changed)d 笔，%(known)d 笔已经有了") % vars(found)
        toast(request, _("；").join([added, rest]))
    return redirect("growth:sources")
