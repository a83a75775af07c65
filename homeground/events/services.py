"""Ways onto the stream: record() for our own facts, receive() for facts from outside. Both are durable when they return
inside a committed transaction."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from homeground.core import time
from homeground.events import clean
from homeground.events.facts import Fact, Identities

SQL = Path(__file__).parent / "sql" / "stream"
_COLUMNS = "day, key, name, customer_id, identities, source, happened_at, received_at, properties"
_TYPES = ["date", "uuid", "text", "int8", "text", "text", "timestamptz", "timestamptz", "text"]
_BINARY = [
    "jsonb" if name in ("identities", "properties") else kind
    for name, kind in zip(_COLUMNS.split(", "), _TYPES, strict=True)
]
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
_NAMESPACE = uuid.UUID("8f2c6f0e-5f0b-4f6e-9d55-6b1d2f3c7a10")
_FEW = 20  # Below it COPY saves nothing; at 1,000 rows it is several times as fast.


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One event from outside, checked and normalised."""

    name: str
    key: uuid.UUID  # The same key and stated day is the same event.
    stated_at: datetime  # As the sender wrote it: a repeat states the same.
    happened_at: datetime  # Corrected for the sender's clock.
    source: str
    identities: Identities
    properties: dict[str, Any] | str  # A str is the JSON text of an object, strict: no NaN.
    customer_id: int | None = None


def record(*facts: Fact) -> int:
    """Put our own facts on the stream, in the transaction that made them true. Returns how many were new."""
    return receive(map(_incoming, facts))


def record_for(fact: Fact, customer_ids: Sequence[int]) -> int:
    """Put one fact about each of many customers on the stream, in one statement. Returns how many were new.

    A repeat with the same cause and customer adds nothing; without a cause each call adds all.
    """
    if not customer_ids:
        return 0
    incoming = _incoming(replace(fact, cause=fact.cause or str(uuid.uuid4())))
    _, _, name, _, identities, source, happened_at, received_at, properties = _row(incoming, time.now())
    with connection.cursor() as cursor:
        cursor.execute(
            (SQL / "record_for.sql").read_text(),
            {
                "day": incoming.stated_at.astimezone(UTC).date(),
                "key": str(incoming.key),
                "name": name,
                "customer_ids": list(customer_ids),
                "identities": identities,
                "source": source,
                "happened_at": happened_at,
                "received_at": received_at,
                "properties": properties,
            },
        )
        return int(cursor.rowcount)


def key_of(*parts: str) -> uuid.UUID:
    """The dedup key of what these parts name: the same parts, the same key."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts))


def receive(incoming: Iterable[Incoming]) -> int:
    """Append events, skipping those whose key is already there. Returns how many were new.

    What the stores cannot hold (NUL, lone surrogates, NaN) becomes U+FFFD or null. A repeat adds nothing.
    """
    now = time.now()
    rows = [_row(event, now) for event in incoming]
    if not rows:
        return 0
    return _insert(rows) if len(rows) < _FEW else _copy(rows)


def _insert(rows: Sequence[tuple[Any, ...]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO stream_event ({_COLUMNS}) SELECT day, key, name, customer_id, identities::jsonb, source,"
            f" happened_at, received_at, properties::jsonb FROM unnest({_ARRAYS}) AS t ({_COLUMNS})"
            " ON CONFLICT (day, key) DO NOTHING",
            [list(column) for column in zip(*rows, strict=True)],
        )
        return int(cursor.rowcount)


def _copy(rows: Sequence[tuple[Any, ...]]) -> int:
    """Straight into the table, which is twice as fast; when one of them is known, by way of a table of this session."""
    try:
        with transaction.atomic():
            _copy_into("stream_event", _BINARY, ((*row[:4], _json(row[4]), *row[5:8], _json(row[8])) for row in rows))
        return len(rows)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return _copy_new(rows)


@transaction.atomic
def _copy_new(rows: Sequence[tuple[Any, ...]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute((SQL / "incoming.sql").read_text())
        cursor.execute("TRUNCATE stream_incoming")  # An earlier call of the same transaction may have filled it.
        _copy_into("stream_incoming", _TYPES, rows)
        cursor.execute((SQL / "receive.sql").read_text())
        return int(cursor.rowcount)


def _copy_into(table: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"COPY {table} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
    # Django wraps the errors of its own calls, not of COPY.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _json(text: str | None) -> Jsonb | None:
    return None if text is None else Jsonb(text, dumps=str)  # It is JSON already.


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


def _row(event: Incoming, received_at: datetime) -> tuple[Any, ...]:
    return (
        (event.stated_at if event.stated_at.tzinfo is UTC else event.stated_at.astimezone(UTC)).date(),
        event.key,
        clean.text(event.name),
        event.customer_id,
        clean.json_text(event.identities) if event.identities else None,
        clean.text(event.source),
        event.happened_at,
        received_at,
        clean.json_text(event.properties),
    )
