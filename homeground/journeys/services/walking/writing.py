"""What a batch leaves behind: positions, steps, edges, and the facts of those who left. Few statements, however many
walks: those that fared alike are written alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from homeground.events.catalog.journeys import JourneyLeft
from homeground.events.services import record
from homeground.journeys.models import Journey
from homeground.journeys.services.touches import drop_for_ended
from homeground.journeys.services.walking.dates import SQL
from homeground.journeys.services.walking.trails import Trails
from homeground.journeys.services.walking.walkers import Ending, Walker

_MOVE, _EDGES = ((SQL / name).read_text() for name in ("move.sql", "edges.sql"))
_Fate = tuple[int, str, datetime | None, str, str]  # Trail, node, due, ending, error.


def write(journey: Journey, walkers: Sequence[Walker], trails: Trails, at: datetime) -> int:
    """Write it all, in the batch's transaction. Returns how many steps were taken."""
    ended = [one for one in walkers if one.ending]
    for one in ended:
        one.due_at = None
    steps = _move(walkers, trails, at)
    if stopped := [one.id for one in ended if one.ending in (Ending.FAILED, Ending.TOO_MANY_STEPS)]:
        drop_for_ended(stopped)
    record(*(_left(journey, one, at) for one in ended))
    _count(trails.edges(one.trail for one in walkers))
    return steps


def _move(walkers: Sequence[Walker], trails: Trails, at: datetime) -> int:
    known: dict[_Fate, int] = {}
    fates = [
        known.setdefault((one.trail, one.node, one.due_at, one.ending, one.error), len(known) + 1) for one in walkers
    ]
    steps = [(fate, n, *step) for (trail, *_), fate in known.items() for n, step in enumerate(trails.steps(trail), 1)]
    columns = list(zip(*steps, strict=True)) or [()] * 6
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "ids": _numbers(one.id for one in walkers),
                "fates": _numbers(fates),
                "at": at,
                **_described(known, trails),
                **dict(zip(_STEP_COLUMNS, map(list, columns), strict=True)),
            },
        )
        return int(cursor.rowcount)


_STEP_COLUMNS = ("step_fates", "step_numbers", "step_versions", "step_nodes", "step_ways", "step_details")


def _described(fates: Iterable[_Fate], trails: Trails) -> dict[str, list[Any]]:
    rows = [(node, due, len(trails.steps(trail)), ending, error) for trail, node, due, ending, error in fates]
    nodes, due, added, endings, errors = map(list, zip(*rows, strict=True))
    return {
        "nodes": nodes, "due": due, "added": added, "endings": endings, "errors": errors,
        "moved": [bool(steps) for steps in added],
    }  # fmt: skip


def _numbers(given: Iterable[int]) -> str:
    return "{" + ",".join(map(str, given)) + "}"


def _left(journey: Journey, walker: Walker, at: datetime) -> JourneyLeft:
    return JourneyLeft(
        customer_id=walker.customer_id, happened_at=at, journey=journey.slug, enrolment_id=walker.id,
        ending=walker.ending,
    )  # fmt: skip


def _count(edges: Counter[tuple[int, str, str]]) -> None:
    # Last of all: who counts an edge keeps others from it until the commit.
    if edges:
        versions, nodes, ways = zip(*edges, strict=True)
        columns = {"versions": list(versions), "nodes": list(nodes), "ways": list(ways)}
        with connection.cursor() as cursor:
            cursor.execute(_EDGES, columns | {"walked": list(edges.values())})
