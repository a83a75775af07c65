"""Weekly hours on the wall clock of a zone: what is on at a moment, and when that changes next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60  # Minutes.
_MINUTE = timedelta(minutes=1)
_AHEAD = 9  # Days: a week and both of its edges.


@dataclass(frozen=True)
class Span:
    """Weekly hours. weekdays: 0 is Monday. Ends at or before its start: it goes on into the next day."""

    weekdays: frozenset[int]
    start_minute: int
    end_minute: int  # Not included; 1440 is midnight.

    def covers(self, weekday: int, minute: int) -> bool:
        """Whether the span is on at this minute of this weekday."""
        if self.start_minute < self.end_minute:
            return weekday in self.weekdays and self.start_minute <= minute < self.end_minute
        is_evening = weekday in self.weekdays and minute >= self.start_minute
        return is_evening or ((weekday - 1) % 7 in self.weekdays and minute < self.end_minute)


def wall(at: datetime, zone: str) -> tuple[int, int]:
    """Weekday and minute on the zone's clock."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday(), local.hour * 60 + local.minute


def on_at(spans: Sequence[Span], at: datetime, zone: str) -> list[int]:
    """The places of the spans that are on."""
    weekday, minute = wall(at, zone)
    return [place for place, span in enumerate(spans) if span.covers(weekday, minute)]


def next_change(spans: Sequence[Span], at: datetime, zone: str) -> datetime | None:
    """The first moment after `at` when other spans are on than now, whole minutes; None: they never change."""
    now = on_at(spans, at, zone)
    return next((when for when in _edges(spans, at, zone) if on_at(spans, when, zone) != now), None)


def _edges(spans: Sequence[Span], at: datetime, zone: str) -> list[datetime]:
    """The moments after `at` at which anything could change, in order."""
    minutes = {minute for span in spans for minute in (span.start_minute, span.end_minute)} if spans else set()
    found = {*_wall_moments(minutes, at, zone), *_clock_changes(at, zone)}
    return sorted(moment for moment in found if moment > at)


def _wall_moments(minutes: set[int], at: datetime, zone: str) -> Iterator[datetime]:
    today = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for day in range(-1, _AHEAD):
        for minute in minutes:
            local = today + timedelta(days=day, minutes=minute)
            for fold in (0, 1):  # An hour that comes twice has each of its minutes twice.
                yield local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def _clock_changes(at: datetime, zone: str) -> Iterator[datetime]:
    """Moments at which the zone's own clock jumps: with a jump, a span may begin or end between its edges."""
    offset = _offset_in(zone)
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for _hour in range(_AHEAD * 24):
        after = hour + timedelta(hours=1)
        if offset(hour) != offset(after):
            yield next(
                moment for moment in (hour + n * _MINUTE for n in range(1, 61)) if offset(moment) != offset(hour)
            )
        hour = after


def _offset_in(zone: str) -> Callable[[datetime], timedelta | None]:
    return lambda moment: moment.astimezone(ZoneInfo(zone)).utcoffset()
