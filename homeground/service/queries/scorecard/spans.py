"""The weeks that a scorecard is of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homeground.core import time


@dataclass(frozen=True)
class Span:
    """Whole weeks from a Monday of the brand's zone on; the last is the running one."""

    weeks: tuple[date, ...]
    zone: str
    now: datetime

    @property
    def since(self) -> datetime:
        return time.start_of(self.weeks[0], self.zone)

    @property
    def until(self) -> datetime:
        return time.start_of(self.weeks[-1] + timedelta(days=7), self.zone)

    @property
    def last_day(self) -> date:
        """Today, the last day that counts."""
        return time.day_of(self.now, self.zone)


def span_of(weeks: int, zone: str, now: datetime) -> Span:
    """The running week and those before it, `weeks` in all."""
    today = time.day_of(now, zone)
    monday = today - timedelta(days=today.weekday())
    return Span(tuple(monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)), zone, now)
