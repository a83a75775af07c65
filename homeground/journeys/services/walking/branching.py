"""Which way out: by a rule of segments, by hash, by the channel that reaches, by what became of an earlier message."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from django.db import connection

from homeground.journeys.graph.nodes import (
    Branch,
    ChooseChannel,
    Outcome,
    Split,
    edges,
)
from homeground.journeys.holdout import buckets, drawn
from homeground.journeys.services import reaching
from homeground.journeys.services.walking.walkers import Move, Place, Said, Walker
from homeground.segments import services as segments

SQL = Path(__file__).parent.parent.parent / "sql" / "walking"
_OUTCOMES = (SQL / "outcomes.sql").read_text()


def branch(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """By the first rule that holds."""
    return _moves(place, branch_ways(place.step, [one.customer_id for one in walkers], place.at))


def split(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """By hash."""
    return _moves(place, split_ways(place.step, place.journey.pk, place.node, [one.customer_id for one in walkers]))


def outcome(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """By what became of an earlier message."""
    return _moves(place, outcome_ways(place.step, [one.id for one in walkers]))


def choose_channel(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """By the first channel that reaches."""
    return _moves(place, channel_ways(place.step, [one.customer_id for one in walkers], place.at))


def branch_ways(step: Branch, customer_ids: Sequence[int], at: datetime) -> list[str]:
    """The name of the first way whose rule holds for each of these (survivors), in the same order; or "otherwise"."""
    ways: dict[int, str] = {}
    for way in step.ways:
        if left := [one for one in customer_ids if one not in ways]:
            ways |= dict.fromkeys(segments.matching(way.rule, left, at), way.name)
    return [ways.get(one, "otherwise") for one in customer_ids]


def split_ways(step: Split, journey_id: int, node: str, customer_ids: Sequence[int]) -> list[str]:
    """The name of the way that the hash of each of these (survivors) and the node leads to, in the same order."""
    places = buckets(f"journey:{journey_id}:{node}", np.array(customer_ids, np.int64))
    return drawn([(way.name, way.share_bp) for way in step.ways], places)


def channel_ways(step: ChooseChannel, customer_ids: Sequence[int], at: datetime) -> list[str]:
    """The channel that each of these (survivors) is reached through, in the same order; or "otherwise"."""
    taken = reaching.chosen(step, sorted({*customer_ids}), at)
    return [taken.get(one, "otherwise") for one in customer_ids]


def outcome_ways(step: Outcome, enrolment_ids: Sequence[int]) -> list[str]:
    """ "next" where the newest message of that node came so far, else "otherwise"; in the same order."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, {"ids": list(enrolment_ids), "node": step.of, "was": step.was})
        came = {row[0] for row in cursor.fetchall()}
    return ["next" if one in came else "otherwise" for one in enrolment_ids]


def _moves(place: Place, ways: Sequence[str]) -> list[Said]:
    to = {name: Move(name, target) for name, target in edges(place.step)}
    return [to[way] for way in ways]
