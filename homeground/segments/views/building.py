"""The builder: a page with an island of its own, and what the island asks for."""

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.events.labels import source_label
from homeground.people.models import Customer
from homeground.people.queries import brand
from homeground.segments import queries, services
from homeground.segments.errors import RuleRefused
from homeground.segments.forms import SegmentForm
from homeground.segments.models import Segment
from homeground.segments.rules.parse import document_of, parse, read
from homeground.segments.rules.words import sentence
from homeground.segments.views.asking import may, segment_or_404, who
from homeground.segments.views.words import builder_words
from homeground.ui.masking import mask
from homeground.ui.toasts import toast

_AT_ONCE = 200_000  # Customers: a larger segment's first members are computed by a worker.


@require_http_methods(["GET", "POST"])
@may("add")
def new(request: HttpRequest) -> HttpResponse:
    """The empty builder, or one with ?rule=JSON in it; POST keeps the segment."""
    if request.method == "POST":
        return _kept(request, None)
    return _page(request, None, _given(request.GET.get("rule", "")))


@require_http_methods(["GET", "POST"])
@may("change")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The builder with a segment in it; POST keeps the change."""
    segment = segment_or_404(slug)
    if request.method == "POST":
        return _kept(request, segment)
    return _page(request, segment, segment.rule)


@require_POST
@may("view")
def preview(request: HttpRequest) -> HttpResponse:
    """How many, a few of them, and the rule in words. That a rule is not complete is an answer too, with the path."""
    try:
        asked = read(request.body)
        rule = asked.get("rule") if isinstance(asked, dict) else None
        found = services.preview(rule, slug=str(asked.get("slug") or "") if isinstance(asked, dict) else "")
    except BusinessError as refusal:
        return _refusal(refusal, status=200)
    return JsonResponse(
        {
            "customers": found.customers,
            "agreed": found.agreed,
            "everyone": found.everyone,
            "sample": _sample(found.sample),
            "is_about": found.is_about,
            "as_of": f"{localtime(found.as_of, ZoneInfo(brand().time_zone)):%Y-%m-%d %H:%M}",
            "sentence": sentence(parse(rule), queries.labels()),
        }
    )


@require_GET
@may("view")
def values(request: HttpRequest) -> HttpResponse:
    """The most frequent values of an attribute."""
    return JsonResponse({"values": queries.values_of(request.GET.get("attribute", ""))})


@require_GET
@may("view")
def properties(request: HttpRequest) -> HttpResponse:
    """Which properties events of a name have, and what they are."""
    found = queries.properties_of(request.GET.get("event", ""))
    return JsonResponse({"values": [asdict(one) for one in found]})


@require_GET
@may("view")
def property_values(request: HttpRequest) -> HttpResponse:
    """The most frequent texts of a property."""
    found = queries.property_values(request.GET.get("event", ""), request.GET.get("property", ""))
    return JsonResponse({"values": found})


def _page(request: HttpRequest, segment: Segment | None, rule: Any) -> HttpResponse:
    form = SegmentForm()
    island = {
        "rule": document_of(parse(rule)) if rule else {"all": []},
        "segment": _settings(segment),
        "vocabulary": asdict(queries.vocabulary(without=segment.slug if segment else "")),
        "links": list(form.fields["link"].choices),  # type: ignore[attr-defined]
        "intervals": list(form.fields["refresh_minutes"].choices),  # type: ignore[attr-defined]
        "words": builder_words(),
        "language": get_language(),
        "limits": queries.LIMITS,
        "urls": queries.editor_urls() | {"preview": reverse("segments:preview")},
        "save_url": request.path,
    }
    return render(request, "segments/builder.html", {"segment": segment, "island": island})


def _settings(segment: Segment | None) -> dict[str, Any]:
    if segment is None:
        return {"name": "", "slug": "", "link": "", "refresh_minutes": 60, "is_new": True, "is_static": False}
    return {
        "name": segment.name,
        "slug": segment.slug,
        "link": segment.link,
        "refresh_minutes": segment.refresh_minutes,
        "is_new": False,
        "is_static": not segment.is_dynamic,
    }


def _given(text: str) -> Any:
    """A rule in the address, as long as it is one; anything else is an empty rule."""
    try:
        return read(text) if text and parse(read(text)) else None
    except RuleRefused:
        return None


def _kept(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    try:
        asked = read(request.body)
        form = SegmentForm(asked if isinstance(asked, dict) else {})
        if not form.is_valid():
            return JsonResponse({"fields": form.errors.get_json_data()}, status=422)
        kept = _change(segment, form, asked.get("rule")) if segment else _make(request, form, asked.get("rule"))
    except BusinessError as refusal:
        return _refusal(refusal)
    toast(request, _("人群“%(name)s”已保存") % {"name": kept.name})
    return JsonResponse({"url": reverse("segments:detail", args=[kept.slug])})


def _make(request: HttpRequest, form: SegmentForm, rule: Any) -> Segment:
    given = form.cleaned_data
    known = {
        "slug": given["slug"] or services.free_slug(given["name"]),
        "name": given["name"],
        "link": given["link"],
        "rule": rule,
        "created_by": who(request),
    }
    if given["is_static"]:
        return services.create_list_from_rule(**known)
    segment = services.create(**known, refresh_minutes=given["refresh_minutes"])
    _compute(segment)
    return segment


def _change(segment: Segment, form: SegmentForm, rule: Any) -> Segment:
    given = form.cleaned_data
    kept = services.save(
        segment, name=given["name"], rule=rule, link=given["link"], refresh_minutes=given["refresh_minutes"]
    )
    if kept.is_dynamic and kept.rule != segment.rule:
        _compute(kept)
    return kept


def _compute(segment: Segment) -> None:
    if services.count(segment.rule).customers > _AT_ONCE:
        services.refresh_soon(segment)
    else:
        services.refresh(segment)


def _sample(ids: list[int]) -> list[dict[str, Any]]:
    found = Customer.objects.in_bulk(ids)
    return [_shown(found[one]) for one in ids if one in found]


def _shown(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.pk,
        "name": mask(customer.name, "name") or f"#{customer.pk}",
        "relation": str(customer.get_relation_display()),
        "source": source_label(customer.source),
        "url": _customer_url(customer.pk),
    }


def _customer_url(pk: int) -> str:
    try:
        return reverse("console:customer", args=[pk])
    except NoReverseMatch:
        return ""


def _refusal(refusal: BusinessError, status: int = 422) -> JsonResponse:
    path = refusal.path if isinstance(refusal, RuleRefused) else ""
    reason = refusal.reason if isinstance(refusal, RuleRefused) else str(refusal)
    return JsonResponse({"path": path, "message": reason}, status=status)
