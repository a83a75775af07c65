"""The test run: what would happen to one customer, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from homeground.content.queries import preview_customer
from homeground.core.errors import BusinessError
from homeground.journeys import queries as room
from homeground.journeys.errors import GraphRefused
from homeground.journeys.graph.check import is_promotion
from homeground.journeys.graph.nodes import Graph
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.words import Labels, way_words
from homeground.journeys.models import Arm, Journey, Suppression
from homeground.journeys.queries.known import known_to, labels
from homeground.journeys.services import publishing, rehearsing
from homeground.journeys.services.reaching import Reach
from homeground.journeys.services.rehearsing import Rehearsal, Tried
from homeground.journeys.views.journeys import laying
from homeground.journeys.views.journeys.asking import TONES, journey_of, may
from homeground.journeys.views.journeys.words import canvas_words
from homeground.loyalty.queries.coupons import refusal_words
from homeground.segments.models import Segment

_MOST = rehearsing.LONGEST


@may("view_journey", "people.view_customer")
@require_GET
def rehearse(request: HttpRequest, slug: str) -> HttpResponse:
    """?of=draft|live, ?q= whom, ?steps= how many are shown, ?a=PLACE:WAY for each question that was answered."""
    journey = journey_of(slug)
    is_live = request.GET.get("of") == "live" and journey.live is not None
    document = journey.live.graph if is_live and journey.live else journey.draft
    page: dict[str, Any] = {"journey": journey, "tone": TONES[journey.state], "of": "live" if is_live else "draft"}
    page["q"] = request.GET.get("q", "").strip()
    try:
        graph = _graph(document, slug, is_live)
    except GraphRefused as refusal:
        return render(request, "journeys/journey/rehearse.html", page | {"problems": refusal.problems})
    page |= _run(request, journey, graph, page["q"])
    page["island"] = _island(document, slug, page.get("path"))
    return render(request, "journeys/journey/rehearse.html", page)


def _graph(document: Any, slug: str, is_live: bool) -> Graph:
    graph = parse(document)
    if not is_live and (problems := publishing.check(graph, slug=slug)):
        raise GraphRefused(problems)
    return graph


def _island(document: Any, slug: str, path: Any) -> dict[str, Any]:
    graph = laying.drawable(document)
    return {"graph": graph, "said": laying.said_of(graph, slug), "words": canvas_words(), "path": path}


def _run(request: HttpRequest, journey: Journey, graph: Graph, q: str) -> dict[str, Any]:
    customer = preview_customer(q)
    if customer is None:
        return {"missing": True}
    answers = _answers(request.GET.getlist("a"))
    try:
        found = rehearsing.rehearse(
            graph,
            journey=journey,
            customer=customer,
            is_promotion=is_promotion(graph, known_to(graph)),
            answers=answers,
        )
    except BusinessError as refusal:
        return {"refusal": str(refusal)}
    most = min(max(_number(request.GET.get("steps", ""), 1), *(place + 2 for place in answers), 1), _MOST)
    return _shown(found, graph, most, answers)


def _answers(given: list[str]) -> dict[int, str]:
    pairs = [one.partition(":") for one in given[:_MOST]]
    return {int(place): way for place, _colon, way in pairs if place.isdecimal() and len(place) < 4}


def _number(text: str, other: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else other


def _shown(found: Rehearsal, graph: Graph, most: int, answers: dict[int, str]) -> dict[str, Any]:
    known = labels()
    shown = found.steps[:most]
    names = dict(Segment.objects.filter(slug__in=found.standing.segments).values_list("slug", "name"))
    return {
        "customer": found.customer,
        "standing": found.standing,
        "arm": Arm(found.standing.arm).label,
        "in_segments": [(names.get(slug, slug), holds) for slug, holds in found.standing.segments.items()],
        "steps": [_line(place, one, graph, known) for place, one in enumerate(shown)],
        "path": [one.node for one in shown],
        "more": len(found.steps) - len(shown),
        "next": most + 1,
        "all": _MOST,
        "ending": found.ending if len(shown) == len(found.steps) else "",
        "answers": [f"{place}:{way}" for place, way in answers.items()],
    }


def _line(place: int, one: Tried, graph: Graph, known: Labels) -> dict[str, Any]:
    return {
        "place": place,
        "tried": one,
        "what": laying.in_words(one.step, graph.nodes, known),
        "way": way_words(one.step, one.way, known) if one.way else "",
        "reach": [_reach(each, known) for each in one.reach],
        "waited": one.left_at > one.arrived_at,
        "options": [(f"{place}:{way}", _option(one.step, way, known)) for way in one.options],
        "answer": _answer(one.answer) if one.answer else _gift(one),
    }


def _reach(one: Reach, known: Labels) -> dict[str, Any]:
    """Whether a channel reaches her, or why not."""
    name = known.channels.get(one.channel, one.channel)
    why = _("渠道未启用") if one.reason == "off" else str(Suppression(one.reason).label) if one.reason else ""
    return {"channel": name, "why": why, "answered_at": one.answered_at}


def _option(step: Any, way: str, known: Labels) -> str:
    return _("期间达成目标") if way == rehearsing.GOAL else way_words(step, way, known)


def _gift(one: Tried) -> dict[str, Any] | None:
    """What would become of points or a coupon, as of a message."""
    if one.balance is not None:
        words = {"before": one.balance, "after": one.balance + one.step.points}
        return {"tone": "green", "words": _("会到账"), "why": _("积分余额 %(before)d → %(after)d") % words}
    if one.verdict == "granted":
        return {"tone": "green", "words": _("会发券"), "why": ""}
    return {"tone": "red", "words": _("不会发券"), "why": refusal_words(one.verdict)} if one.verdict else None


def _answer(answer: Any) -> dict[str, Any]:
    tones = {"queued": "green", "deferred": "amber", "suppressed": "red"}
    words = {"queued": _("会发出"), "deferred": _("会推迟"), "suppressed": _("不会发出")}
    why = room.reason_text(answer.state, answer.reason, answer.detail) if answer.reason else ""
    return {"tone": tones[answer.state], "words": words[answer.state], "why": why, "due_at": answer.due_at}
