"""Reads of the stream: what happened, to whom, and how far ClickHouse is behind."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count

from homeground.core import time
from homeground.events import warehouse
from homeground.events.batches import arrived_up_to, position
from homeground.events.models import SetAside, StreamBatch

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Happening:
    """An event as it stands in ClickHouse. customer_id is who it was about when it arrived; 0: nobody found."""

    id: int
    name: str
    customer_id: int
    happened_at: datetime
    received_at: datetime
    source: str
    amount: int  # Minor units.
    currency: str
    properties: str

    @property
    def facts(self) -> Mapping[str, Any]:
        """The properties, read."""
        found: Mapping[str, Any] = json.loads(self.properties)
        return found


@dataclass(frozen=True)
class Whole(Happening):
    """An event with the identities that came with it."""

    identities: str  # JSON: [["phone", "…"], …]; empty: none.


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events a page of the stream shows."""

    name: str = ""  # Empty: every one.
    source: str = ""
    customer_id: int = 0  # 0: everybody. The ids merged into it count too.
    since: datetime | None = None  # Of receipt.


@dataclass(frozen=True)
class Place:
    """A place in a list that is sorted by time and id: what comes after it is the next page."""

    at: datetime
    id: int


@dataclass(frozen=True)
class NamedCount:
    """An event name and how many events bear it."""

    name: str
    events: int


@dataclass(frozen=True)
class SourcedCount:
    """An event name, a source, and how many events bear both."""

    name: str
    source: str
    events: int


@dataclass(frozen=True)
class Totals:
    """Events that have reached ClickHouse, and the people they are about (merged ones as one, nobody as none)."""

    events: int
    customers: int


@dataclass(frozen=True)
class Lag:
    """How far ClickHouse is behind what was accepted."""

    waiting: int  # Accepted events that are not in ClickHouse yet; counted to LAG_SHOWN at most.
    oldest_seconds: float  # Age of the oldest of them; 0: none is waiting.
    last_batch_at: datetime | None  # When the newest batch arrived in ClickHouse; None: none has.


@dataclass(frozen=True)
class SetAsideGroup:
    """Set-aside events that wait, of one name, handler and reason."""

    handler: str
    name: str
    reason: str
    events: int


LAG_SHOWN = 100_000


def timeline(ids: Sequence[int], before: Place | None = None, limit: int = 50) -> list[Happening]:
    """What happened to a person: all of their customer ids, newest first.

    before: the place of the last event of the page above.
    """
    return warehouse.rows(
        Happening,
        SQL / "timeline.sql",
        ids=list(ids),
        before=before.at if before else _END,
        before_id=before.id if before else 0,
        limit=limit,
    )


def newest(wanted: Wanted, before: int | None = None, limit: int = 50) -> list[Happening]:
    """Events as they came, newest first.

    before: the id of the last event of the page above.
    """
    top = position()[1] if before is None else before
    found: list[Happening] = []
    for window in _WINDOWS:
        low = max(top - window, 0)
        found = _between(wanted, low, before, limit)
        if len(found) >= limit or not low:
            break
    return found


def _between(wanted: Wanted, low: int, before: int | None, limit: int) -> list[Happening]:
    return warehouse.rows(
        Happening,
        SQL / "newest.sql",
        name=wanted.name,
        source=wanted.source,
        customer_id=wanted.customer_id,
        since=wanted.since or _START,
        low=low,
        before=_LAST if before is None else before,
        limit=limit,
    )


def event(name: str, event_id: int) -> Whole | None:
    """One event that has reached ClickHouse."""
    found = warehouse.rows(Whole, SQL / "one.sql", name=name, id=event_id)
    return found[0] if found else None


def names_and_sources() -> tuple[list[str], list[str]]:
    """The event names and the sources that have reached ClickHouse, the most frequent first; in one pass."""
    with_counts = warehouse.rows(SourcedCount, SQL / "sources.sql")
    names, found = Counter[str](), Counter[str]()
    for row in with_counts:
        names[row.name] += row.events
        found[row.source] += row.events
    return [name for name, _ in names.most_common()], [source for source, _ in found.most_common()]


def event_names() -> list[NamedCount]:
    """Every event name that has reached ClickHouse with its count, the most frequent first."""
    return warehouse.rows(NamedCount, SQL / "event_names.sql")


def totals(name: str | None = None, since: datetime | None = None) -> Totals:
    """How many events have reached ClickHouse and how many people they are about."""
    return warehouse.rows(Totals, SQL / "totals.sql", name=name or "", since=since or _START)[0]


def lag() -> Lag:
    """How far ClickHouse is behind."""
    xid, event_id = arrived_up_to()
    with connection.cursor() as cursor:
        cursor.execute((SQL / "stream" / "lag.sql").read_text(), {"xid": xid, "id": event_id, "most": LAG_SHOWN})
        waiting, oldest = cursor.fetchone() or (0, None)
    newest = StreamBatch.objects.exclude(appended_at=None).order_by("-id").values_list("appended_at", flat=True).first()
    return Lag(waiting, max((time.now() - oldest).total_seconds(), 0.0) if oldest else 0.0, newest)


def set_aside_count() -> int:
    """How many set-aside events wait for somebody."""
    return SetAside.objects.filter(discarded_at=None).count()


def set_aside_groups() -> list[SetAsideGroup]:
    """What waits, the largest group first."""
    waiting = SetAside.objects.filter(discarded_at=None).values_list("handler", "name", "reason")
    return [SetAsideGroup(*group) for group in waiting.annotate(events=Count("id")).order_by("-events", "handler")]


_LAST = 2**63
_WINDOWS = (20_000, 2_000_000, _LAST)  # Of ids below the newest: what is wanted mostly lies in the first.
_START = datetime.fromisoformat("1900-01-01T00:00:00+00:00")
_END = datetime.fromisoformat("2299-12-31T00:00:00+00:00")
