"""Figures for whoever watches this deployment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from homeground.events import warehouse
from homeground.events.queries import lag, set_aside_count
from homeground.journeys.models import Campaign, Touch


@dataclass(frozen=True)
class Figure:
    """One metric with its samples: labels as they are printed, and the value."""

    name: str
    kind: str  # gauge or counter.
    help: str
    samples: Mapping[str, float] = field(default_factory=dict)


def figures() -> Iterator[Figure]:
    """How far the stream is, what it could not bear, and what became of touches."""
    behind = lag()
    yield _one("homeground_stream_waiting_events", "Accepted events not in ClickHouse yet.", behind.waiting)
    yield _one("homeground_stream_oldest_waiting_seconds", "Age of the oldest of them.", behind.oldest_seconds)
    yield _one("homeground_stream_set_aside_events", "Events that a handler could not bear.", set_aside_count())
    arrived = warehouse.value("SELECT count() FROM events.events")
    yield Figure("homeground_events_total", "counter", "Events in ClickHouse.", {"": arrived})
    yield Figure("homeground_touches", "gauge", "Touches by state.", _by_state(Touch.objects.all()))
    yield Figure("homeground_campaigns", "gauge", "Campaigns by state.", _by_state(Campaign.objects.planned()))


def _one(name: str, help: str, value: float) -> Figure:
    return Figure(name, "gauge", help, {"": value})


def _by_state(rows: QuerySet[Any]) -> dict[str, float]:
    counted = rows.values_list("state").annotate(Count("pk"))
    return {f'{{state="{state}"}}': count for state, count in counted.order_by("state")}
