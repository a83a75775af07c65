"""The test run: what would happen to one customer in a journey, step by step, and why. Nothing is written.

The clock is a pretended one: waits move it on. Rules, attributes and the guard's policy are those of now. What nobody
can know, whether an event happens or a message is opened, is asked of whoever looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from homeground.content.models import Message
from homeground.core import time
from homeground.journeys.graph.nodes import (
    Branch,
    ChooseChannel,
    GiveCoupon,
    GivePoints,
    Graph,
    HandOver,
    Outcome,
    SendMessage,
    Split,
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
    edges,
)
from homeground.journeys.graph.ways_in import BySegment
from homeground.journeys.holdout import bucket, buckets, drawn
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.queries import policy_at
from homeground.journeys.services import guard, reaching
from homeground.journeys.services.walking import clocks
from homeground.journeys.services.walking.branching import split_ways
from homeground.journeys.services.walking.dates import days_of
from homeground.loyalty.models import CouponKind
from homeground.loyalty.queries import coupons, points
from homeground.people import queries as people
from homeground.people.models import Customer
from homeground.segments import services as segments

LONGEST = 60  # Steps of one test run: a loop is seen by then.
GOAL = "goal"  # The answer "meanwhile she reached the goal", at a wait for an event.


@dataclass(frozen=True)
class Rule:
    """What a rule of a branch said: which way it guards, whether it holds, and the evidence where it was looked up."""

    way: str
    holds: bool
    explained: Any


@dataclass(frozen=True)
class Tried:
    """One node that she came to. way None: nobody can know; options are the answers that may be given.

    answer: the guard's, of a message. rules: of a branch, in order, as far as asked. day: the date of a wait for one.
    reach: of a choice of channels, each in the order in which they are tried.
    balance: the points she has before some are given. verdict: what would become of a coupon, as loyalty says it.
    """

    node: str
    step: Any
    arrived_at: datetime
    left_at: datetime
    way: str | None
    options: Sequence[str] = ()
    answer: "guard.Answer | None" = None
    rules: Sequence[Rule] = ()
    day: Any = None
    balance: int | None = None
    verdict: str = ""
    reach: Sequence[reaching.Reach] = ()


@dataclass(frozen=True)
class Standing:
    """How she would come in. segments: of each entry by segment, whether she is in it now."""

    arm: str
    variant: str
    earlier: int  # Walks that she has had in this journey.
    is_inside: bool
    segments: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Rehearsal:
    """A test run. ending: "question", "finished", "goal", "handed_over" or "too_many_steps"."""

    customer: Customer
    standing: Standing
    steps: Sequence[Tried]
    ending: str


@dataclass
class _Walk:
    graph: Graph
    journey: Journey
    customer: Customer
    zone: str
    now: datetime  # The pretended one.
    real: datetime
    answers: Mapping[int, str]
    steps: list[Tried] = field(default_factory=list)


def rehearse(
    graph: Graph,
    *,
    journey: Journey,
    customer: Customer,
    is_promotion: bool,
    answers: Mapping[int, str] | None = None,
    at: datetime | None = None,
) -> Rehearsal:
    """Walk a customer (a survivor) through a graph that passed the check. Rules are asked at `at`, which it begins at.

    answers: by the place of the step in the run (from 0), the way that an event wait or an outcome takes; GOAL at a
        wait ends the run. is_promotion: whether the journey has a promotion, for the global holdout.
    """
    real = at or time.now()
    zone = customer.time_zone or people.brand().time_zone
    walk = _Walk(graph, journey, customer, zone, real, real, answers or {})
    standing = _standing(walk, is_promotion)
    start = next(one.start for one in graph.variants if one.name == standing.variant)
    return Rehearsal(customer, standing, walk.steps, _go(walk, start))


def _go(walk: _Walk, node: str | None) -> str:
    while node is not None:
        if len(walk.steps) >= LONGEST:
            return "too_many_steps"
        step = walk.graph.nodes[node]
        tried = _TRIALS.get(type(step), _done)(walk, node, step)
        walk.steps.append(tried)
        if tried.way is None:
            return "question"
        if tried.way == GOAL:
            return GOAL
        if isinstance(step, HandOver):
            return "handed_over"
        walk.now = tried.left_at
        node = dict(edges(step))[tried.way]
    return "finished"


def _standing(walk: _Walk, is_promotion: bool) -> Standing:
    pk, journey = walk.customer.pk, walk.journey
    places = buckets(f"journey:{journey.pk}:variants", np.array([pk], np.int64))
    earlier = Enrolment.objects.filter(journey=journey, customer__in=people.ids_of(pk))
    entries = [entry for entry in walk.graph.entries if isinstance(entry, BySegment)]
    return Standing(
        arm=_arm(walk, is_promotion),
        variant=drawn([(one.name, one.share_bp) for one in walk.graph.variants], places)[0],
        earlier=earlier.count(),
        is_inside=earlier.exclude(state=Enrolment.State.ENDED).exists(),
        segments={one.segment: pk in segments.matching({"segment": one.segment}, [pk], walk.real) for one in entries},
    )


def _arm(walk: _Walk, is_promotion: bool) -> str:
    everywhere = policy_at(walk.real).holdout
    value = str(walk.customer.pk)
    if is_promotion and everywhere and bucket(everywhere.salt, value) < everywhere.share_bp:
        return "global_holdout"
    return "holdout" if bucket(f"journey:{walk.journey.pk}", value) < walk.journey.holdout_bp else "treated"


def _tried(
    walk: _Walk, node: str, step: Any, way: str | None, *, left_at: datetime | None = None, **more: Any
) -> Tried:
    return Tried(node, step, walk.now, left_at or walk.now, way, **more)


def _done(walk: _Walk, node: str, step: Any) -> Tried:
    return _tried(walk, node, step, "next")


def _handed_over(walk: _Walk, node: str, step: HandOver) -> Tried:
    return _tried(walk, node, step, "")


def _waited(walk: _Walk, node: str, step: Any) -> Tried:
    return _tried(walk, node, step, "next", left_at=clocks.due(step, arrived_at=walk.now, zone=walk.zone))


def _waited_for_date(walk: _Walk, node: str, step: WaitForDate) -> Tried:
    day = days_of(step.attribute, [walk.customer.pk]).get(walk.customer.pk)
    due = clocks.due(step, arrived_at=walk.now, zone=walk.zone, day=day)
    return _tried(walk, node, step, "next" if due else "otherwise", left_at=due, day=day)


def _waited_for_event(walk: _Walk, node: str, step: WaitForEvent) -> Tried:
    options = ["next", "otherwise", *([GOAL] if walk.graph.goal else [])]
    way = _answered(walk, options)
    late = clocks.due(step, arrived_at=walk.now, zone=walk.zone)
    return _tried(walk, node, step, way, left_at=late if way == "otherwise" else walk.now, options=options)


def _asked(walk: _Walk, node: str, step: Outcome) -> Tried:
    options = ["next", "otherwise"]
    return _tried(walk, node, step, _answered(walk, options), options=options)


def _answered(walk: _Walk, options: Sequence[str]) -> str | None:
    given = walk.answers.get(len(walk.steps))
    return given if given in options else None


def _branched(walk: _Walk, node: str, step: Branch) -> Tried:
    rules: list[Rule] = []
    for way in step.ways:
        found = segments.explain(way.rule, walk.customer.pk, walk.real)
        rules.append(Rule(way.name, found.holds, found))
        if found.holds:
            return _tried(walk, node, step, way.name, rules=rules)
    return _tried(walk, node, step, "otherwise", rules=rules)


def _split(walk: _Walk, node: str, step: Split) -> Tried:
    return _tried(walk, node, step, split_ways(step, walk.journey.pk, node, [walk.customer.pk])[0])


def _chosen(walk: _Walk, node: str, step: ChooseChannel) -> Tried:
    reach = reaching.reach(step, walk.customer.pk, walk.real)
    way = next((one.channel for one in reach if not one.reason), "otherwise")
    return _tried(walk, node, step, way, reach=reach)


def _guarded(walk: _Walk, node: str, step: SendMessage) -> Tried:
    with transaction.atomic():  # The guard's table of candidates lasts as long.
        answer = guard.answer(
            customer_id=walk.customer.pk,
            channel=step.channel,
            weak_channel=step.weak_channel,
            is_promotion=Message.objects.values_list("is_promotion", flat=True).get(pk=step.message),
            at=walk.now,
            expires_at=walk.now + timedelta(days=step.valid_days),
        )
    return _tried(walk, node, step, "next", answer=answer)


def _given_points(walk: _Walk, node: str, step: GivePoints) -> Tried:
    before = sum(one.step.points for one in walk.steps if isinstance(one.step, GivePoints))
    return _tried(walk, node, step, "next", balance=points.balance_of(walk.customer.pk) + before)


def _given_coupon(walk: _Walk, node: str, step: GiveCoupon) -> Tried:
    before = [one for one in walk.steps if one.verdict == "granted" and one.step.coupon == step.coupon]
    kind = CouponKind.objects.get(pk=step.coupon)
    verdict = coupons.verdict_for(kind, walk.customer.pk, walk.now, held_too=len(before))
    return _tried(walk, node, step, "next", verdict=verdict)


_TRIALS: dict[type[Any], Callable[[_Walk, str, Any], Tried]] = {
    SendMessage: _guarded,
    GivePoints: _given_points,
    GiveCoupon: _given_coupon,
    HandOver: _handed_over,
    Wait: _waited,
    WaitUntil: _waited,
    WaitForEvent: _waited_for_event,
    WaitForDate: _waited_for_date,
    Branch: _branched,
    Split: _split,
    ChooseChannel: _chosen,
    Outcome: _asked,
}
