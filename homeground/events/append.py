"""Events as columns of ClickHouse's events.events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from homeground.events import warehouse
from homeground.events.batches import Row

COLUMNS = (
    "id", "name", "customer_id", "happened_at", "received_at", "source", "amount", "currency", "identities",
    "properties",
)  # fmt: skip
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC)  # What DateTime64 holds.
_MOST = 2**63


def append(rows: Sequence[Row], token: str) -> None:
    """Append checked rows; the same token appends once however often it is called."""
    if rows:
        warehouse.insert("events", COLUMNS, columns_of(rows), token=token, by_column=True)


def check(rows: Sequence[Row]) -> None:
    """Raise ValueError when a row would not fit its column."""
    for row in rows:
        if not _EARLIEST <= row.event.happened_at <= _LATEST:
            raise ValueError("happened_at outside 1900 to 2299")


def columns_of(rows: Sequence[Row]) -> list[list[Any]]:
    """The rows' values, a list a column in the order of COLUMNS."""
    events = [row.event for row in rows]
    return [
        [event.id for event in events],
        [event.name for event in events],
        [event.customer_id or 0 for event in events],
        [row.happened_ms for row in rows],
        [row.received_ms for row in rows],
        [event.source for event in events],
        [_amount(event.properties.get("amount_minor")) for event in events],
        [_currency(event.properties.get("currency")) for event in events],
        [row.identities for row in rows],
        [row.properties for row in rows],
    ]


def _amount(given: Any) -> int:
    return given if type(given) is int and -_MOST <= given < _MOST else 0


def _currency(given: Any) -> str:
    return given if type(given) is str and len(given) <= 3 else ""
