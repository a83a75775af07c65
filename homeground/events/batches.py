"""Cutting the stream into batches: positions, the next batch, its rows. A batch is the same rows for ever."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from homeground.events.facts import Event
from homeground.events.models import StreamBatch

SQL = Path(__file__).parent / "sql" / "stream"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIZE = 20_000  # Events. Twice as many are no faster to append, and a halved batch of these is done in seconds.


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a batch with what only the outbox knows."""

    event: Event
    day: date
    identities: str  # JSON as it goes to ClickHouse; empty: none.
    properties: str
    happened_ms: int  # Since 1970, as ClickHouse keeps moments: reading and writing them as text costs most of a batch.
    received_ms: int


def claim(size: int = SIZE) -> StreamBatch | None:
    """The batch to work on: the one under way, else the next, fixed by this call. None: nothing is waiting."""
    return under_way() or _next(size)


def under_way() -> StreamBatch | None:
    """The batch that is not done with."""
    return StreamBatch.objects.exclude(state=StreamBatch.State.HANDLED).order_by("id").first()


def rows_of(batch: StreamBatch) -> list[Row]:
    """The rows of a batch in stream order, without those set aside before the handlers."""
    ends = {name: getattr(batch, name) for name in ("from_xid", "from_id", "to_xid", "to_id")}
    return [_row(*values) for values in _fetch("batch.sql", ends)]


def rows_by_id(found: Sequence[tuple[int, date]]) -> list[Row]:
    """Events by number and day, in stream order; those whose day was dropped are missing."""
    params = {"ids": [event_id for event_id, _ in found], "days": sorted({day for _, day in found})}
    return [_row(*values) for values in _fetch("events.sql", params)]


def position() -> tuple[int, int]:
    """The (xid, id) that the newest batch ends at; (0, 0) before the first."""
    newest = StreamBatch.objects.order_by("-id").values_list("to_xid", "to_id").first()
    return newest or (0, 0)


def handled_up_to() -> tuple[int, int]:
    """The (xid, id) up to which every event is done with."""
    batch = under_way()
    return (batch.from_xid, batch.from_id) if batch else position()


def arrived_up_to() -> tuple[int, int]:
    """The (xid, id) up to which every event is in ClickHouse."""
    batch = under_way()
    return (batch.from_xid, batch.from_id) if batch and batch.state == StreamBatch.State.OPEN else position()


def accepted_up_to() -> tuple[int, int]:
    """The (xid, id) of the newest event that is committed; (0, 0): there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xid::text::bigint, id FROM stream_event ORDER BY xid DESC, id DESC LIMIT 1")
        return cursor.fetchone() or (0, 0)


@transaction.atomic
def _next(size: int) -> StreamBatch | None:
    xid, event_id = position()
    found = _fetch("next.sql", {"xid": xid, "id": event_id, "size": size})
    if not found:
        return None
    to_xid, to_id, count = found[0]
    return StreamBatch.objects.create(
        token=uuid.uuid4(), from_xid=xid, from_id=event_id, to_xid=to_xid, to_id=to_id, count=count
    )


def _row(
    event_id: int, day: date, name: str, customer_id: int | None, happened_us: int, received_us: int, source: str,
    identities: str, properties: str,
) -> Row:  # fmt: skip
    event = Event(
        event_id,
        name,
        customer_id,
        _EPOCH + timedelta(microseconds=happened_us),
        _EPOCH + timedelta(microseconds=received_us),
        source,
        tuple(map(tuple, orjson.loads(identities))) if identities else (),
        _read(properties),
    )
    return Row(event, day, identities, properties, happened_us // 1000, received_us // 1000)


def _read(properties: str) -> dict[str, Any]:
    """The properties; numbers that no machine word holds come as floats, nesting that nothing can read as nothing."""
    try:
        found: dict[str, Any] = orjson.loads(properties)
    except ValueError:
        try:
            found = json.loads(properties, parse_int=float)
        except RecursionError:
            found = {}
    return found


def _fetch(file: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_text(file), params)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return found


@lru_cache
def _text(file: str) -> str:
    return (SQL / file).read_text()
