"""Watching a journey: a version's graph with its people, and the numbers that change."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from homeground.journeys.graph.words import Labels, again_words, sign_words
from homeground.journeys.models import Enrolment, Journey, Version
from homeground.journeys.queries import journeys as queries
from homeground.journeys.queries.known import labels
from homeground.journeys.services.walking.graphs import graph_of
from homeground.journeys.views.journeys import laying
from homeground.journeys.views.journeys.asking import TONES, journey_of, may
from homeground.journeys.views.journeys.words import canvas_words
from homeground.people.queries import brand


@may("view_journey")
@require_GET
def journey(request: HttpRequest, slug: str) -> HttpResponse:
    """The live version, or ?version=; a journey that was never published is shown where it is built."""
    shown = journey_of(slug)
    if shown.live is None:
        if request.user.has_perm("journeys.change_journey"):
            return redirect("journey:edit", slug)
        return render(request, "journeys/journey/unpublished.html", {"journey": shown, "tone": TONES[shown.state]})
    version = _version(shown, request)
    graph = laying.drawable(version.graph)
    island = {
        "graph": graph,
        "said": laying.said_of(graph, slug) | {"problems": []},
        "counts": _counts(shown, version),
        "words": canvas_words(),
        "urls": {
            "counts": f"{reverse('journey:counts', args=[slug])}?version={version.number}",
            "people": reverse("journey:people", args=[slug]),
        },
        "version": version.number,
    }
    page = {
        "journey": shown,
        "tone": TONES[shown.state],
        "version": version,
        "versions": queries.inside_by_version(shown),
        "island": island,
        **_figures(shown),
        **_terms(version, labels()),
    }
    return render(request, "journeys/journey/watch.html", page)


@may("view_journey")
@require_GET
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    """What changes while one looks: people at nodes and on edges, and the journey's totals."""
    shown = journey_of(slug)
    if shown.live is None:
        raise Http404
    return JsonResponse(_counts(shown, _version(shown, request)))


def _version(journey: Journey, request: HttpRequest) -> Version:
    number = request.GET.get("version", "")
    if not number:
        assert journey.live
        return journey.live
    found = journey.versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise Http404
    return found


def _counts(journey: Journey, version: Version) -> dict[str, Any]:
    found = queries.counts(version.pk)
    edges: dict[str, dict[str, int]] = {}
    for (node, way), walked in found.edges.items():
        edges.setdefault(node, {})[way] = walked
    figures = _figures(journey)
    totals = {name: figures[name] for name in ("entered", "entered_today", "walking", "held_out", "reached", "failed")}
    return {"here": found.at, "failed": found.failed, "edges": edges, "totals": totals, "state": journey.state}


def _figures(journey: Journey) -> dict[str, Any]:
    """Totals of all versions; shares are of those who were let walk and are out again."""
    found = queries.numbers([journey.pk])[journey.pk]
    reached = found.endings.get(Enrolment.Ending.GOAL, 0)
    return {
        "entered": found.walking + found.ended,
        "entered_today": found.entered_today,
        "walking": found.walking,
        "held_out": found.held_out,
        "reached": reached,
        "failed": found.endings.get(Enrolment.Ending.FAILED, 0),
        "ended": found.ended,
        "goal_share": reached / found.ended if found.ended else None,
        "endings": [(Enrolment.Ending(ending).label, ending, count) for ending, count in sorted(found.endings.items())],
        "zone": brand().time_zone,
    }


def _terms(version: Version, known: Labels) -> dict[str, Any]:
    graph = graph_of(version.pk)
    return {
        "again": again_words(graph.again),
        "goal": sign_words(graph.goal, known) if graph.goal else "",
        "exits": [sign_words(sign, known) for sign in graph.exits],
        "entry": laying.said_of(version.graph, version.journey.slug)["entry"],
    }
