"""Building a journey: the canvas, keeping its draft, publishing, and what else changes a journey's life."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homeground.core.errors import BusinessError
from homeground.journeys.errors import GraphRefused
from homeground.journeys.forms import JourneySettings
from homeground.journeys.graph.parse import document_of, parse, read
from homeground.journeys.models import Enrolment, Journey, Version
from homeground.journeys.services import publishing
from homeground.journeys.services.drafting import locked
from homeground.journeys.views.journeys import laying
from homeground.journeys.views.journeys.asking import TONES, journey_of, may, who
from homeground.journeys.views.journeys.words import canvas_words, editor_words
from homeground.segments import queries as segments
from homeground.ui.toasts import toast


@may("change_journey")
@require_GET
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The canvas with the draft on it."""
    journey = journey_of(slug)
    if journey.state == Journey.State.ENDED:
        toast(request, _("旅程已结束，不能再修改；可以复制一条。"), level="warning")
        return redirect("journey:journey", slug)
    draft = laying.drawable(journey.draft)
    island = {
        "draft": draft,
        "settings": laying.settings_of(journey),
        "said": laying.said_of(draft, slug),
        "stamp": laying.stamp_of(journey),
        "is_unplaced": len(draft["nodes"]) > 1 and len({tuple(node["at"]) for node in draft["nodes"].values()}) == 1,
        "known": laying.known_of(journey),
        "words": {**canvas_words(), **editor_words()},
        "rule_words": segments.editor_words(),
        "rule_urls": segments.editor_urls(),
        "rule_limits": segments.LIMITS,
        "urls": {"save": reverse("journey:save", args=[slug]), "properties": reverse("segments:properties")},
    }
    context = {"journey": journey, "tone": TONES[journey.state], "island": island}
    return render(request, "journeys/journey/edit.html", context)


@may("change_journey")
@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what the canvas has, finished or not: {draft, settings, stamp} in, what is said of it and a stamp out."""
    journey = journey_of(slug)
    try:
        given = read(request.body)
        if not isinstance(given, dict):
            return JsonResponse({"message": _("应为一个 JSON 对象")}, status=400)
        return _kept(journey, given)
    except BusinessError as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)


def _kept(journey: Journey, given: dict[str, Any]) -> HttpResponse:
    settings = given.get("settings")
    form = JourneySettings(settings if isinstance(settings, dict) else {})
    with transaction.atomic():
        if given.get("stamp") != laying.stamp_of(locked(journey.pk)):
            return JsonResponse({"message": _("这条旅程刚被别人改过，请刷新后再改。")}, status=409)
        kept = publishing.save_draft(journey.pk, given.get("draft"))
    answer = {"said": laying.said_of(kept.draft, kept.slug), "stamp": laying.stamp_of(kept), "errors": {}}
    if not form.is_valid():
        return JsonResponse(answer | {"errors": {name: " ".join(map(str, text)) for name, text in form.errors.items()}})
    try:
        publishing.save_settings(journey.pk, **form.cleaned_data)
    except BusinessError as refusal:
        return JsonResponse(answer | {"errors": {"holdout_bp": str(refusal)}})
    return JsonResponse(answer)


@may("publish_journey")
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """A fragment: what would change, and what happens to those inside. POST lets it go live."""
    journey = journey_of(slug)
    if request.method == "POST":
        return _published(request, journey)
    return render(request, "journeys/journey/publish.html", _question(journey))


def _published(request: HttpRequest, journey: Journey) -> HttpResponse:
    succession = request.POST.get("succession", Version.Succession.FINISH)
    moves = {key[3:]: str(to) for key, to in request.POST.items() if key.startswith("to:") and to}
    if succession not in Version.Succession.values:
        return HttpResponse(status=400)
    try:
        version = publishing.publish(journey.pk, by=who(request), succession=succession, node_map=moves)
    except BusinessError as refusal:
        context = _question(journey) | {"refusal": str(refusal), "succession": succession, "moves": moves}
        return render(request, "journeys/journey/publish.html", context, status=422)
    toast(request, _("第 %(number)d 版已发布") % {"number": version.number})
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("journey:journey", args=[journey.slug])})


def _question(journey: Journey) -> dict[str, Any]:
    try:
        problems = publishing.check(journey.draft, slug=journey.slug)
        draft = document_of(parse(journey.draft)) if not problems else None
    except GraphRefused as refusal:
        problems, draft = refusal.problems, None
    live = journey.live.graph if journey.live else None
    return {
        "journey": journey,
        "problems": problems,
        "differences": laying.differences(live, draft) if draft else [],
        "inside": _inside(journey, draft["nodes"]) if draft else [],
        "nodes": [(key, node["name"]) for key, node in draft["nodes"].items()] if draft else [],
        "successions": Version.Succession.choices,
        "succession": Version.Succession.FINISH,
    }


def _inside(journey: Journey, nodes: dict[str, Any]) -> list[dict[str, Any]]:
    """Where people stand now, and where they would best go on: the node of the same id and kind."""
    walking = Enrolment.objects.filter(journey=journey, state=Enrolment.State.WALKING)
    counts = walking.values_list("node").annotate(Count("pk")).order_by("node")
    return [_place(journey, node, count, nodes) for node, count in counts]


def _place(journey: Journey, node: str, count: int, nodes: dict[str, Any]) -> dict[str, Any]:
    old = journey.live.graph["nodes"].get(node, {}) if journey.live else {}
    fits = node in nodes and nodes[node]["kind"] == old.get("kind", nodes[node]["kind"])
    return {"node": node, "name": old.get("name", node), "count": count, "proposal": node if fits else ""}


def _doing(action: str, work: Callable[[int], Any], done: str | Promise) -> Callable[..., HttpResponse]:
    """A button of the journey's page: do it, say it, and show the page again."""

    @may(action)
    @require_POST
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            work(journey_of(slug).pk)
            toast(request, str(done))
        except BusinessError as refusal:
            toast(request, str(refusal), level="error")
        return redirect("journey:journey", slug)

    return view  # type: ignore[return-value]


pause = _doing("publish_journey", publishing.pause, gettext_lazy("已暂停，所有人停在原处"))
resume = _doing("publish_journey", publishing.resume, gettext_lazy("继续运行"))
end = _doing("publish_journey", publishing.end, gettext_lazy("旅程已结束，里面的人已全部离开"))


@may("add_journey")
@require_POST
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """The same again, as a draft."""
    made = publishing.copy(journey_of(slug).pk, by=who(request))
    toast(request, _("已复制为草稿"))
    return redirect("journey:edit", made.slug)


@may("delete_journey")
@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw a journey away that was never published."""
    try:
        publishing.delete_draft(journey_of(slug).pk)
    except BusinessError as refusal:
        toast(request, str(refusal), level="error")
        return redirect("journey:journey", slug)
    toast(request, _("草稿已删除"))
    return redirect("journey:list")
