"""The people of a journey: at a node, in trouble, one walk in words; letting in, taking out, trying again."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from homeground.content.queries import preview_customer
from homeground.core import time
from homeground.journeys import queries as room
from homeground.journeys.graph.words import Labels, way_words
from homeground.journeys.models import Enrolment, Journey, Version
from homeground.journeys.queries import journeys as queries
from homeground.journeys.queries.known import labels
from homeground.journeys.queries.walks import Taken
from homeground.journeys.queries.walks import walk as walk_of
from homeground.journeys.services import entering, leaving
from homeground.journeys.services.walking.graphs import graph_of
from homeground.journeys.views.journeys import laying
from homeground.journeys.views.journeys.asking import journey_of, may
from homeground.loyalty.queries.coupons import refusal_words
from homeground.ui.paging import page_of
from homeground.ui.toasts import toast

_STATES = {Enrolment.State.WALKING: "blue", Enrolment.State.HELD_OUT: "neutral", Enrolment.State.ENDED: "dark"}


@may("view_journey", "people.view_customer")
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is at a node (?version=&node=), or all walks, by state and ending. For the drawer when htmx asks."""
    journey = journey_of(slug)
    node = request.GET.get("node", "")
    version = _version(journey, request.GET.get("version", "")) if node else None
    walks = _walks(journey, version, node, request)
    page = page_of(walks, request.GET, by=queries.NEWEST_WALKS, size=20)
    names = _names(journey)
    context = {
        "journey": journey,
        "node": node,
        "version": version,
        "failed": queries.counts(version.pk).failed.get(node, 0) if version else 0,
        "title": names.get(node, node) if node else _("走过的人"),
        "page": page,
        "rows": [(walk, names.get(walk.node, walk.node), _STATES[Enrolment.State(walk.state)]) for walk in page],
        "state": request.GET.get("state", ""),
        "ending": request.GET.get("ending", ""),
        "states": Enrolment.State.choices,
        "endings": Enrolment.Ending.choices,
    }
    is_drawer = bool(request.htmx and request.htmx.target == "drawer-body")  # type: ignore[attr-defined]
    return render(request, f"journeys/journey/people.html{'#list' if is_drawer else ''}", context)


def _walks(journey: Journey, version: Version | None, node: str, request: HttpRequest) -> Any:
    state, ending = request.GET.get("state", ""), request.GET.get("ending", "")
    if version is None:
        return queries.walks_of(journey, state=state, ending=ending)
    if ending == Enrolment.Ending.FAILED:
        return queries.walks_of(journey, ending=ending).filter(version=version, node=node)
    return queries.walkers_at(version.pk, node)


def _version(journey: Journey, number: str) -> Version:
    return get_object_or_404(journey.versions, number=int(number) if number.isdecimal() and len(number) < 9 else 0)


def _names(journey: Journey) -> dict[str, str]:
    names: dict[str, str] = {}
    for graph in journey.versions.order_by("number").values_list("graph", flat=True):
        names |= {key: node["name"] for key, node in graph["nodes"].items()}
    return names


@may("view_journey", "people.view_customer")
@require_GET
def walk(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One walk, in words."""
    journey = journey_of(slug)
    found = walk_of(get_object_or_404(Enrolment, pk=pk, journey=journey).pk)
    known = labels()
    steps = [(taken, *_said(taken, found.enrolment, known)) for taken in found.steps]
    context = {
        "journey": journey,
        "walk": found.enrolment,
        "steps": steps,
        "tone": _STATES[Enrolment.State(found.enrolment.state)],
        "now_at": _names(journey).get(found.enrolment.node, found.enrolment.node),
    }
    return render(request, "journeys/journey/walk.html", context)


def _said(taken: Taken, walk: Enrolment, known: Labels) -> tuple[str, str, str]:
    """What the node does, by which way it was left, and what became of its touch."""
    version = walk.journey.versions.get(number=taken.version)
    nodes = graph_of(version.pk).nodes
    step = nodes.get(taken.node)
    what = laying.in_words(step, nodes, known) if step else ""
    way = way_words(step, taken.way, known) if step else taken.way
    touch = taken.touch
    became = room.reason_text(touch.state, touch.reason, touch.detail) if touch and touch.reason else ""
    became = became or (str(touch.get_state_display()) if touch else "") or _skipped(taken.detail)
    return what, way, became


def _skipped(detail: Any) -> str:
    """Why the node did nothing for this walk; empty: it did, or says why elsewhere."""
    why = detail.get("skipped", "") if isinstance(detail, dict) else ""
    if why == "no_staff":
        return _("没有员工负责这位客户，跳过了这一步")
    return _("没有发券：%(why)s") % {"why": refusal_words(why)} if why else ""


@may("enter_journey")
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the customer whom the words name in, by hand."""
    journey = journey_of(slug)
    words = request.POST.get("q", "").strip()
    customer = preview_customer(words) if words else None
    if customer is None:
        toast(request, _("没有找到这位客户"), level="error")
        return redirect("journey:journey", slug)
    cause = f"hand:{request.user.get_username()[:60]}:{uuid4()}"
    said = entering.let_in(journey, [entering.Entrant(customer.pk, cause)])[0]
    text, level = _ENTERED[said]
    toast(request, str(text), level=level)
    return redirect("journey:journey", slug)


_ENTERED = {
    entering.ENTERED: (gettext_lazy("已加入旅程"), "success"),
    entering.HELD_OUT: (gettext_lazy("抽到了对照组：已登记，但不会走旅程"), "warning"),
    entering.NOT_LIVE: (gettext_lazy("旅程还没有运行，不能加入"), "error"),
    entering.UNKNOWN: (gettext_lazy("没有找到这位客户"), "error"),
    entering.REPEATED: (gettext_lazy("已经在旅程里"), "error"),
    entering.INSIDE: (gettext_lazy("已经在旅程里"), "error"),
    entering.TOO_MANY: (gettext_lazy("已经在旅程里"), "error"),
    entering.ALREADY: (gettext_lazy("按再次进入的规则，这位客户不能再进来"), "error"),
    entering.TOO_SOON: (gettext_lazy("按再次进入的规则，这位客户还要再等等"), "error"),
}


@may("enter_journey")
@require_POST
def take_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End one walk by hand; messages that wait for it are not sent."""
    journey = journey_of(slug)
    found = get_object_or_404(Enrolment, pk=pk, journey=journey)
    walks = Enrolment.objects.filter(pk=found.pk, state=Enrolment.State.WALKING)
    ended = leaving.end_walks(walks, ending=Enrolment.Ending.TAKEN_OUT, at=time.now())
    toast(request, _("已移出旅程") if ended else _("这位客户已经不在旅程里"), level="success" if ended else "warning")
    return redirect("journey:walk", slug, pk)


@may("enter_journey")
@require_POST
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let a walk that failed try its node again."""
    journey = journey_of(slug)
    found = get_object_or_404(Enrolment, pk=pk, journey=journey)
    tried = leaving.try_again(journey.pk, [found.pk], time.now())
    toast(request, _("已排队重试") if tried else _("这一次不能重试"), level="success" if tried else "warning")
    return redirect("journey:walk", slug, pk)
