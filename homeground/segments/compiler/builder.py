"""What the conditions of one rule need together: values as placeholders, and one pass over the events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from homeground.segments.rules.days import Calendar


@dataclass
class Builder:
    """Collects while the tree is walked. Equal values, counts and scans are asked for once."""

    calendar: Calendar
    currency: str
    digits: int  # Decimal places of the currency.
    attributes: dict[str, str]  # Kind by key.
    few: Mapping[int, int] | None = None  # Ids of those who alone are asked about → who they are now; None: everybody.
    params: dict[str, Any] = field(default_factory=dict)
    aggregates: dict[str, str] = field(default_factory=dict)  # SQL by expression → column.
    verdicts: dict[str, str] = field(default_factory=dict)  # SQL over aggregates → column.
    told: dict[str, str] = field(default_factory=dict)  # SQL over aggregates, to be read by people → column.
    scans: dict[str, None] = field(default_factory=dict)  # Which events are read at all.
    quintiles: dict[str, str] = field(default_factory=dict)  # Measure of buyers → its four edges.
    _names: dict[tuple[str, Any], str] = field(default_factory=dict)

    def param(self, value: Any, kind: str) -> str:
        """A placeholder for a value of a ClickHouse type."""
        key = (kind, tuple(value) if isinstance(value, list) else value)
        if key not in self._names:
            self._names[key] = f"p{len(self._names)}"
            self.params[self._names[key]] = value
        return f"{{{self._names[key]}:{kind}}}"

    def moment(self, moment: datetime) -> str:
        """A placeholder for a moment, to the millisecond."""
        return f"fromUnixTimestamp64Milli({self.param(milliseconds(moment), 'Int64')}, 'UTC')"

    def decimal(self, value: Decimal | float) -> str:
        """A placeholder for a number, exact to six decimals."""
        return self.param(f"{Decimal(str(value)):.6f}", "Decimal(38, 6)")

    def aggregate(self, sql: str) -> str:
        """The column of an aggregate over a customer's events."""
        return self.aggregates.setdefault(sql, f"a{len(self.aggregates)}")

    def tell(self, sql: str) -> str:
        """The column of something over the aggregates that people are told; 0 or NULL without events."""
        return self.told.setdefault(sql, f"t{len(self.told)}")

    def edges(self, measure: str) -> str:
        """The four edges between the fifths of buyers by a measure."""
        return self.quintiles.setdefault(measure, f"quintiles.{len(self.quintiles) + 1}")

    def beside(self) -> "Builder":
        """One for another pass, over everybody's events, in the same statement: the same values, other aggregates."""
        return replace(self, few=None, aggregates={}, verdicts={}, told={}, scans={})

    def verdict(self, sql: str, *, without_events: bool) -> str:
        """A claim over the aggregates, as a condition on the customer.

        without_events: whether it holds for a customer who has no event that counts; the join gives 0 for them, so
            a claim that holds without events travels as its opposite.
        """
        travels = f"NOT ({sql})" if without_events else f"({sql})"
        column = self.verdicts.setdefault(travels, f"v{len(self.verdicts)}")
        return f"NOT {column}" if without_events else column


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded down: what DateTime64(3) holds."""
    return int(moment.timestamp() * 1000) if moment.microsecond % 1000 == 0 else int(moment.timestamp() * 1e3 // 1)
