"""Ways onto the stream: record() for our own facts, receive() for facts from outside. Both are durable when they return
inside a committed transaction."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from homeground.core import time
from homeground.events.facts import Fact, Identities

_COLUMNS = "day, key, name, customer_id, identities, source, happened_at, received_at, properties"
_NAMESPACE = uuid.UUID("8f2c6f0e-5f0b-4f6e-9d55-6b1d2f3c7a10")


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One event from outside, checked and normalised."""

    name: str
    key: uuid.UUID  # The same key and stated day is the same event.
    stated_at: datetime  # As the sender wrote it: a repeat states the same.
    happened_at: datetime  # Corrected for the sender's clock.
    source: str
    identities: Identities
    properties: dict[str, Any]
    customer_id: int | None = None


def record(*facts: Fact) -> int:
    """Put our own facts on the stream, in the transaction that made them true. Returns how many were new."""
    return receive(_incoming(fact) for fact in facts)


def key_of(*parts: str) -> uuid.UUID:
    """The dedup key of what these parts name: the same parts, the same key."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts))


def receive(incoming: Iterable[Incoming]) -> int:
    """Append events, skipping those whose key is already there. Returns how many were new."""
    rows = [_row(event) for event in incoming]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO stream_event ({_COLUMNS}) SELECT * FROM unnest(%s::date[], %s::uuid[], %s::text[], %s::bigint[],"
            " %s::jsonb[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::jsonb[]) ON CONFLICT (day, key) DO NOTHING",
            [list(column) for column in zip(*rows, strict=True)],
        )
        return int(cursor.rowcount)


def _incoming(fact: Fact) -> Incoming:
    happened_at = fact.happened_at or time.now()
    return Incoming(
        name=fact.name,
        key=key_of(fact.name, fact.cause) if fact.cause else uuid.uuid4(),
        # A cause names one event for ever, whenever it is told again: its day is fixed.
        stated_at=happened_at if fact.happened_at or not fact.cause else datetime(1970, 1, 1, tzinfo=UTC),
        happened_at=happened_at,
        source=fact.source,
        identities=fact.identities,
        properties=fact.properties(),
        customer_id=fact.customer_id,
    )


def _row(event: Incoming) -> tuple[Any, ...]:
    return (
        event.stated_at.astimezone(UTC).date(),
        event.key,
        event.name,
        event.customer_id,
        json.dumps(event.identities) if event.identities else None,
        event.source,
        event.happened_at,
        time.now(),
        json.dumps(event.properties, ensure_ascii=False),
    )
