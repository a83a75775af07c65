"""A journey of two steps beside the same one on Temporal's development server, in the same run.

Ours enters each customer, puts on a tag, sets an attribute, writes the log; Temporal's two activities do nothing.
"""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import Result

SIZES = (50, 200)
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
_NODES = {
    "a": {"kind": "tag", "name": "first", "add": ["first"], "next": "b"},
    "b": {"kind": "attribute", "name": "second", "attribute": "second", "value": 1, "next": None},
}


def bench() -> list[Result]:
    """Both, where Temporal is installed."""
    if (server := _server()) is None:
        print("beside Temporal: skipped, install the dependency group `bench` for its server", file=sys.stderr)
        return []
    from benchmarks._temporal import seconds
    from homeground.events.stores import open_stores

    theirs = seconds(server, SIZES)
    open_stores()
    return [
        Result("two steps beside Temporal's dev server", size, "journeys", _ours(size), bare, goal=None)
        for size, bare in zip(SIZES, theirs, strict=True)
    ]


def _server() -> Path | None:
    try:
        import temporalio  # noqa: F401
    except ImportError:
        return None
    beside = Path(sys.executable).with_name("temporal")
    found = beside if beside.exists() else shutil.which("temporal")
    return Path(found) if found else None


def _ours(size: int) -> float:
    from homeground.journeys.services.entering import Entrant, enter
    from homeground.journeys.services.walking.engine import walk
    from homeground.people.models import Customer

    journey = _journey(size)
    customers = Customer.objects.bulk_create(Customer(created_at=NOW) for _ in range(size))
    started = perf_counter()
    enter(journey, [Entrant(one.pk, str(one.pk)) for one in customers], NOW)
    steps = walk(journey.pk, NOW)
    spent = perf_counter() - started
    assert steps == 2 * size, f"{steps} steps of {size} journeys"
    return spent


def _journey(size: int) -> Any:
    from homeground.journeys.services import publishing

    slug = f"bench-{size}"
    draft = {
        "entries": [{"by": "hand"}], "variants": [{"name": "all", "share_bp": 10_000, "start": "a"}], "nodes": _NODES
    }  # fmt: skip
    journey = publishing.create(name=slug, slug=slug, link="retain", draft=draft, holdout_bp=0)
    return publishing.publish(journey.pk, at=NOW).journey
