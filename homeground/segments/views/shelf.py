"""The list of segments, one segment with its members, and what may be done with it."""

import io
from itertools import chain

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.people.models import Customer
from homeground.people.queries import brand
from homeground.segments import queries, services
from homeground.segments.forms import ListForm, SegmentFilters
from homeground.segments.models import Segment
from homeground.segments.rules.parse import document_of, parse
from homeground.segments.rules.words import sentence
from homeground.segments.starters import PAIRS, pair_of
from homeground.segments.views.asking import may, segment_or_404, who
from homeground.segments.views.growth import growth_chart, movement_chart
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_PAGE = 20


@require_GET
@may("view")
def listed(request: HttpRequest) -> HttpResponse:
    """The segments, newest first, each with its size, as of when, and what stands on it."""
    form = SegmentFilters(request.GET or None)
    page = page_of(_narrowed(form), request.GET, by=("-created_at", "-pk"))
    context = {
        "form": form if form.is_bound else SegmentFilters(),
        "page": page,
        "uses": queries.uses(page.rows),
        "pairs": PAIRS,
        "taken": set(Segment.objects.values_list("slug", flat=True)),
        "is_narrowed": form.is_bound and form.has_changed(),
    }
    return render(request, "segments/list.html", context)


@require_GET
@may("view")
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One segment: its rule in words, how it grew, its members by page."""
    segment = segment_or_404(slug)
    rule = None if segment.rule is None else parse(segment.rule)
    after = _whole(request.GET.get("after", ""))
    ids = queries.member_page(segment, after=after, size=_PAGE + 1)
    found = Customer.objects.in_bulk(ids[:_PAGE])
    generations = list(segment.generations.order_by("-number")[:60])[::-1]
    context = {
        "segment": segment,
        "sentence": sentence(rule, queries.labels()) if rule else "",
        "rule": document_of(rule) if rule else None,  # PostgreSQL keeps no order of keys.
        "share": segment.customers / max(queries.live_customers(), 1),
        "latest": generations[-1] if generations else None,
        "growth": growth_chart(generations, brand().time_zone) if len(generations) > 1 else None,
        "movement": movement_chart(generations, brand().time_zone) if len(generations) > 1 else None,
        "members": [found[one] for one in ids[:_PAGE] if one in found],
        "next": ids[_PAGE - 1] if len(ids) > _PAGE else 0,
        "after": after,
        "uses": queries.uses([segment])[segment.pk],
        "campaign_url": _campaign_url(segment),
    }
    return render(request, "segments/detail.html", context)


@require_POST
@may("change")
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute the members now."""
    segment = segment_or_404(slug)
    try:
        generation = services.refresh(segment)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
    else:
        words = {"customers": generation.customers, "entered": generation.entered, "left": generation.left}
        toast(request, _("已更新：%(customers)s 人，进入 %(entered)s，离开 %(left)s") % words)
    return redirect("segments:detail", slug)


@require_POST
@may("delete")
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put it away; the toast brings it back."""
    segment = segment_or_404(slug)
    try:
        services.archive(segment)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("segments:detail", slug)
    text = _("人群“%(name)s”已归档") % {"name": segment.name}
    toast(request, text, undo_url=reverse("segments:restore", args=[slug]))
    return redirect("segments:list")


@require_POST
@may("delete")
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an archived one back."""
    segment = get_object_or_404(Segment, slug=slug)
    try:
        services.restore(segment)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("segments:list")
    toast(request, _("人群“%(name)s”已恢复") % {"name": segment.name})
    return redirect("segments:detail", slug)


@require_POST
@may("export")
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The members as CSV; recorded before the first line goes out."""
    segment = segment_or_404(slug)
    services.record_export(segment, who(request))
    lines = chain(["\ufeff"], services.export_lines(segment))  # The mark lets spreadsheets read UTF-8.
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{segment.slug}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@may("add")
def new_list(request: HttpRequest) -> HttpResponse:
    """A static list from a file of identities."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _list_of(form, who(request))
        except BusinessError as refusal:
            form.add_error("file", str(refusal))
        else:
            words = {"rows": made.rows, "found": made.segment.customers, "unknown": made.unknown + made.malformed}
            toast(request, _("读取 %(rows)s 行，找到 %(found)s 位客户，%(unknown)s 行没有对应的客户") % words)
            return redirect("segments:detail", made.segment.slug)
    return render(request, "segments/new_list.html", {"form": form})


@require_POST
@may("add")
def install_pair(request: HttpRequest, key: str) -> HttpResponse:
    """Both segments of a pair, computed at once."""
    pair = pair_of(key)
    made = services.install_pair(pair, who(request)) if pair else []
    for segment in made:
        services.refresh(segment)
    if made:
        toast(request, _("已创建：%(names)s") % {"names": _("、").join(segment.name for segment in made)})
    return redirect("segments:list")


def _narrowed(form: SegmentFilters) -> QuerySet[Segment]:
    found = Segment.objects.listed()
    if not form.is_valid():
        return found
    given = form.cleaned_data
    if given["q"]:
        found = found.filter(name__contains=given["q"].replace("\x00", ""))
    if given["link"]:
        found = found.filter(link=given["link"])
    return found.filter(is_dynamic=given["kind"] == "dynamic") if given["kind"] else found


def _list_of(form: ListForm, by: str) -> services.Listed:
    given = form.cleaned_data
    lines = io.TextIOWrapper(given["file"].file, encoding="utf-8-sig", newline="")
    slug = services.free_slug(given["name"])
    return services.create_list(slug=slug, name=given["name"], link=given["link"], lines=lines, created_by=by)


def _campaign_url(segment: Segment) -> str:
    try:
        return f"{reverse('journeys:new')}?segment={segment.slug}"
    except NoReverseMatch:
        return ""


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
