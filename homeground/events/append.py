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
        columns = list(zip(*map(values_of, rows), strict=True))
        warehouse.insert("events", COLUMNS, columns, token=token, by_column=True)


def check(rows: Sequence[Row]) -> None:
    """Raise ValueError when a row would not fit its column."""
    for row in rows:
        if not _EARLIEST <= row.event.happened_at <= _LATEST:
            raise ValueError("happened_at outside 1900 to 2299")


def values_of(row: Row) -> tuple[Any, ...]:
    """One row's values in the order of COLUMNS."""
    event = row.event
    return (
        event.id, event.name, event.customer_id or 0, event.happened_at, event.received_at, event.source,
        _amount(event.properties.get("amount_minor")), _currency(event.properties.get("currency")),
        row.identities, row.properties,
    )  # fmt: skip


def _amount(given: Any) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) and -_MOST <= given < _MOST else 0


def _currency(given: Any) -> str:
    return given if isinstance(given, str) and len(given) <= 3 else ""
