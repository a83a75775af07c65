"""A journey's life: publish, pause, resume, end. Whoever changes it locks its row first, then its walkers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.journeys.errors import GraphRefused, JourneyInWrongState, Problem
from homeground.journeys.graph import check as checking
from homeground.journeys.graph.nodes import Graph
from homeground.journeys.graph.parse import document_of, parse
from homeground.journeys.models import Enrolment, Journey, Listener, Version
from homeground.journeys.queries.known import known_to
from homeground.journeys.services.drafting import (
    copy,
    create,
    delete_draft,
    free_slug,
    locked,
    save_draft,
    save_settings,
)
from homeground.journeys.services.entering import WAKE
from homeground.journeys.services.outfitting import (
    cancel_messages,
    hold_messages,
    let_messages_go,
    outfit,
    retire_drained,
)
from homeground.journeys.services.succession import end_all, refuse_misled, succeed

__all__ = [
    "check", "copy", "create", "delete_draft", "end", "free_slug", "pause", "publish", "resume", "retire_drained",
    "save_draft", "save_settings",
]  # fmt: skip
State, Succession = Journey.State, Version.Succession


def check(document: Any, *, slug: str = "") -> list[Problem]:
    """Everything that keeps a graph from going live: of its shape, else of what it says. Empty: it may.

    document: a Graph, or the JSON of one. slug: the journey that it belongs to. Raises DraftRefused.
    """
    try:
        graph = document if isinstance(document, Graph) else parse(document)
    except GraphRefused as refusal:
        return refusal.problems
    return checking.check(graph, known_to(graph), slug=slug)


@transaction.atomic
def publish(
    journey_id: int,
    *,
    by: str = "",
    succession: str = Succession.FINISH,
    node_map: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Version:
    """Let the draft go live as a new version, which never changes again. A paused journey stays paused.

    succession: what happens to those inside: they finish on their version, move by node_map (old node → new one; who
        stands elsewhere leaves), or leave.
    Two publishes at once come one after the other. Raises GraphRefused with every problem, DraftRefused, MoveRefused,
    or JourneyInWrongState for one that has ended; then nothing is changed.
    """
    at = at or time.now()
    journey = locked(journey_id)
    if journey.state == State.ENDED:
        raise JourneyInWrongState(_("旅程已结束，不能再发布；可以复制一条。"))
    graph = parse(journey.draft)
    known = known_to(graph)
    if problems := checking.check(graph, known, slug=journey.slug):
        raise GraphRefused(problems)
    given = dict(node_map or {}) if succession == Succession.MOVE else {}
    refuse_misled(journey, graph, given)
    version = Version.objects.create(
        journey=journey,
        number=journey.versions.count() + 1,
        graph=document_of(graph),
        is_promotion=checking.is_promotion(graph, known),
        succession=succession,
        node_map=given,
        published_by=by,
        published_at=at,
    )
    _go_live(journey, version)
    outfit(version, graph)
    succeed(version, graph, at)
    retire_drained(at, journey)
    _wake_walkers()
    return version


@transaction.atomic
def pause(journey_id: int) -> Journey:
    """Everybody stays where they are, messages that wait included; exits still let out. A repeat changes nothing."""
    journey = locked(journey_id)
    if _move(journey, State.PAUSED, {State.LIVE}):
        hold_messages(journey)
    return journey


@transaction.atomic
def resume(journey_id: int) -> Journey:
    """Go on; what fell due meanwhile is done now. A repeat changes nothing."""
    journey = locked(journey_id)
    if _move(journey, State.LIVE, {State.PAUSED}):
        let_messages_go(journey)
        _wake_walkers()
    return journey


@transaction.atomic
def end(journey_id: int, at: datetime | None = None) -> Journey:
    """End a journey for good: everybody leaves, messages that wait are cancelled. A repeat changes nothing."""
    at = at or time.now()
    journey = locked(journey_id)
    if _move(journey, State.ENDED, {State.LIVE, State.PAUSED}):
        walkers = Enrolment.objects.filter(journey=journey, state=Enrolment.State.WALKING)
        end_all(walkers, Enrolment.Ending.JOURNEY_ENDED, at)
        cancel_messages(journey, at)
        Listener.objects.filter(version__journey=journey).delete()
    return journey


def _go_live(journey: Journey, version: Version) -> None:
    journey.live = version
    if journey.state == State.DRAFT:
        journey.state = State.LIVE
    journey.save(update_fields=["live", "state"])


def _wake_walkers() -> None:
    """Tell the process that walks that something is due, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(WAKE)


def _move(journey: Journey, to: Journey.State, allowed: set[Journey.State]) -> bool:
    """Change the state; False when it is so already."""
    if journey.state == to:
        return False
    if journey.state not in allowed:
        words = {"now": State(journey.state).label, "to": to.label}
        raise JourneyInWrongState(_("旅程现在是“%(now)s”，不能改为“%(to)s”。") % words)
    journey.state = to
    journey.save(update_fields=["state"])
    return True
