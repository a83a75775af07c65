"""Which days a comparison means, seen from a moment in the brand's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homeground.core import time
from homeground.segments.rules.comparisons import (
    After,
    Before,
    Between,
    DaysBetween,
    Equals,
    LastDays,
    NextDays,
    Part,
)

_EARLIEST, _LATEST = date(1900, 1, 1), date(2299, 12, 31)  # What DateTime64 holds.


@dataclass(frozen=True)
class Calendar:
    """A moment and the zone whose days count."""

    at: datetime
    zone: str

    @property
    def today(self) -> date:
        """The day of the moment."""
        return time.day_of(self.at, self.zone)

    def days(self, meant: Part) -> tuple[date | None, date | None]:
        """The first and the last day, both of them included; None: open."""
        day = timedelta(days=1)
        match meant:
            case Before():
                return None, meant.before - day
            case After():
                return meant.after + day, None
            case Equals():
                return (on := date.fromisoformat(str(meant.equals))), on
            case Between() | DaysBetween():
                first, last = meant.between
                assert isinstance(first, date)
                assert isinstance(last, date)
                return first, last
            case LastDays():
                return self.today - day * (meant.last_days - 1), self.today
            case NextDays():
                return self.today, self.today + day * (meant.next_days - 1)
        raise TypeError(f"{meant!r} names no days")

    def moments(self, meant: Part) -> tuple[datetime | None, datetime | None]:
        """From when (included) until when (excluded); None: open."""
        first, last = self.days(meant)
        return (
            time.start_of(max(first, _EARLIEST), self.zone) if first else None,
            time.start_of(min(last, _LATEST) + timedelta(days=1), self.zone) if last else None,
        )

    def month_days(self, count: int) -> list[str]:
        """The "MM-DD" of today and the days after it, so many in all; with 29 February where the 28th stands for it."""
        days = [self.today + timedelta(days=ahead) for ahead in range(count)]
        found = {f"{day:%m-%d}" for day in days}
        if any((day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3 for day in days):
            found.add("02-29")
        return sorted(found)
