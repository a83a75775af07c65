"""主动触达占比 (M54): how much of what members do for customers is of their own accord, not an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from homeground.core import time
from homeground.events import warehouse

_SQL = Path(__file__).parent.parent / "sql"
DAYS = 30


@dataclass(frozen=True)
class Proactive:
    """One member's count of proactive touches and of answers."""

    userid: str
    touched: int
    answered: int

    @property
    def share(self) -> float | None:
        """Of both together; None where there is neither."""
        total = self.touched + self.answered
        return self.touched / total if total else None


def proactive(at: datetime | None = None, days: int = DAYS) -> dict[str, Proactive]:
    """The last so many days by userid; members without either are left out."""
    at = at or time.now()
    found = warehouse.rows(Proactive, _SQL / "proactive.sql", since=at - timedelta(days=days), until=at)
    return {row.userid: row for row in found}
