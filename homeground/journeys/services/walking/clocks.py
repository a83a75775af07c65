"""When a wait is over: pure functions of moments, days and zones, the same answer every time.

A day is one of the customer's calendar, a time one of their clock. A time that a clock change leaves out is as much
later as the clock jumps (02:30 becomes 03:30); of a time that comes twice the first counts. 29 February is the 28th in
other years.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homeground.journeys.graph.nodes import (
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
)
from homeground.journeys.graph.parts import Span
from homeground.journeys.graph.ways_in import BySchedule

_LAST_YEAR = 9990  # Dates of people are typed in by people.
_FIRST_YEAR = 3  # Less a lead of a year, and in any zone, it is still a date.


def due(step: Any, *, arrived_at: datetime, zone: str, day: date | None = None) -> datetime | None:
    """When a wait that began at arrived_at is over. None: there is no such moment (any more).

    day: the customer's date, of a wait for one.
    """
    match step:
        case Wait():
            return after(step.span, arrived_at, zone)
        case WaitForEvent():
            return after(step.at_most, arrived_at, zone)
        case WaitUntil():
            return until(step.time, step.weekdays, arrived_at, zone)
        case WaitForDate():
            return coming(step, day, arrived_at, zone) if day else None
    raise TypeError(f"{step!r} is no wait")


def after(span: Span, moment: datetime, zone: str) -> datetime:
    """So many days later at the same time of the clock, and then so many hours and minutes."""
    if span.days:
        local = moment.astimezone(zone_of(zone)).replace(fold=0)
        moment = (local + timedelta(days=span.days)).astimezone(UTC)
    return moment.astimezone(UTC) + timedelta(hours=span.hours, minutes=span.minutes)


def until(time: str, weekdays: Sequence[int], moment: datetime, zone: str) -> datetime:
    """The next such time of the clock after the moment, on one of these weekdays (none: any day)."""
    today = moment.astimezone(zone_of(zone)).date()
    for ahead in range(-1, 16):  # -1: the moment may lie in a day that the clock change began twice.
        day = today + timedelta(days=ahead)
        if (not weekdays or day.isoweekday() in weekdays) and (found := at_clock(day, time, zone)) > moment:
            return found
    raise ValueError(f"no weekday among {weekdays}")


def coming(step: WaitForDate, day: date, moment: datetime, zone: str) -> datetime | None:
    """The first moment after this one at which the date less its lead has come; None: it is past."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    if not step.yearly:
        found = lead(day, step.lead_days, step.time, zone)
        return found if found > moment else None
    year = moment.year
    found_all = (lead(in_year(day, y), step.lead_days, step.time, zone) for y in range(year - 2, year + 4))
    return next((one for one in found_all if one > moment), None)


def lead(day: date, days: int, time: str, zone: str) -> datetime:
    """The time of the clock so many days before a day (below zero: after it)."""
    return at_clock(day - timedelta(days=days), time, zone)


def in_year(day: date, year: int) -> date:
    """The same day of another year."""
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def at_clock(day: date, time: str, zone: str) -> datetime:
    """The moment when a clock in the zone shows this time on this day."""
    return datetime.combine(day, clock.fromisoformat(time), zone_of(zone)).astimezone(UTC)


def turns(entry: BySchedule, since: datetime, to: datetime, zone: str) -> list[datetime]:
    """The moments of a schedule after `since` and up to `to`, in order."""
    first, last = (moment.astimezone(zone_of(zone)).date() for moment in (since, to))
    days = (first + timedelta(days=n) for n in range(-1, (last - first).days + 2))
    found = (at_clock(day, entry.time, zone) for day in days if _is_on(entry, day))
    return [moment for moment in found if since < moment <= to]


def _is_on(entry: BySchedule, day: date) -> bool:
    if entry.on:
        return day.isoformat() == entry.on
    if entry.weekday:
        return day.isoweekday() == entry.weekday
    return entry.day is not None and day.day == min(entry.day, monthrange(day.year, day.month)[1])


@lru_cache(maxsize=1000)
def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
