"""How much is planned for people of a segment, day by day, and whom it would carry past their cap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from homeground.journeys.models import FrequencyCap
from homeground.journeys.models.policy import EVERY
from homeground.journeys.queries.calendar.planned import Ids, People, Touches, people_of, sums, touches_of
from homeground.journeys.queries.calendar.shape import Span
from homeground.journeys.queries.policy import policy_at
from homeground.segments.models import Segment

WEEK = 7
# Of all people: from here on a day is said to be heavy, or too much.
_HEAVY, _TOO_MUCH = 0.05, 0.20
_DAY_BITS = 1 << 22  # More than any day's ordinal: a person and a day in one number.


@dataclass(frozen=True)
class PressureDay:
    """One day. touches: promotions planned or sent; per_week: those of a person in the seven days up to it."""

    on: date
    touches: int
    per_person: float
    per_week: float
    over: int  # People whom a promotion of this day would carry past a cap of theirs.
    share: float  # over / people.
    is_past: bool

    @property
    def level(self) -> int:
        """0 nothing, 1 planned, 2 some past their cap, 3 heavy, 4 too much: the heat."""
        if not self.touches:
            return 0
        if not self.over:
            return 1
        return 4 if self.share >= _TOO_MUCH else 3 if self.share >= _HEAVY else 2


@dataclass(frozen=True)
class Pressure:
    """The days of a span for the people of one segment (None: everybody)."""

    segment: Segment | None
    people: int
    days: Sequence[PressureDay]

    @property
    def near(self) -> Sequence[PressureDay]:
        """The days to come and the one before them; all of them, when all are past."""
        coming = next((place for place, day in enumerate(self.days) if not day.is_past), 0)
        return self.days[max(coming - 1, 0) :]

    @property
    def warnings(self) -> list[PressureDay]:
        """Days to come that are heavy."""
        return [day for day in self.days if day.level >= 3 and not day.is_past]

    @property
    def calmest(self) -> PressureDay | None:
        """The day after today with the fewest promotions in the weeks before and after it."""
        coming = [place for place, day in enumerate(self.days) if not day.is_past][1:]
        found = min(coming, key=self._around, default=None)
        return None if found is None else self.days[found]

    def _around(self, place: int) -> int:
        near = self.days[max(place - WEEK + 1, 0) : place + WEEK]
        return sum(day.touches for day in near)


def pressure(span: Span, segment: Segment | None) -> Pressure:
    """What is planned for these people, from the audiences as they are known now.

    An upper bound: whom the guard will leave out for other reasons (no consent, no address) is not taken off, nor are
    purchases and replies until then. Windows are counted in whole days.
    """
    policy = policy_at(span.at)
    people = people_of(segment)
    touches = touches_of(people, span, policy)
    over = _over(people, touches, policy.caps)
    before = span.first - timedelta(days=WEEK - 1)
    counts = _by_day(touches.days, before, (span.last - before).days + 1)
    carried = _by_day(over, span.first, len(span.days))
    weeks = sums(counts, WEEK)[WEEK - 1 :]
    return Pressure(segment, len(people.ids), _days(span, len(people.ids), counts[WEEK - 1 :], weeks, carried))


def _days(
    span: Span, people: int, counts: Sequence[int], weeks: Sequence[int], over: Sequence[int]
) -> list[PressureDay]:
    of = people or 1
    return [
        PressureDay(on, touches, touches / of, week / of, carried, carried / of, on < span.today)
        for on, touches, week, carried in zip(span.days, counts, weeks, over, strict=True)
    ]


def _by_day(days: Ids, first: date, length: int) -> list[int]:
    places = days - first.toordinal()
    inside = places[(places >= 0) & (places < length)]
    return [int(count) for count in np.bincount(inside, minlength=length)]


def _over(people: People, touches: Touches, caps: Iterable[FrequencyCap]) -> Ids:
    """The days on which somebody goes past a cap, once a person and day."""
    found = [_past(cap, people, touches) for cap in caps]
    both = np.unique(np.concatenate([np.empty(0, np.int64), *found]))
    days: Ids = both % _DAY_BITS
    return days


def _past(cap: FrequencyCap, people: People, touches: Touches) -> Ids:
    """Person and day of each promotion that is more than a cap allows in the days up to it."""
    under: NDArray[np.bool_] = people.relations[touches.rows] == cap.relation
    if cap.channel != EVERY:
        under &= touches.channels == cap.channel
    keys = np.sort(touches.rows[under] * _DAY_BITS + touches.days[under])
    until = np.searchsorted(keys, keys, side="right")
    since = np.searchsorted(keys, keys - cap.window_days, side="right")
    most = cap.max_touches if cap.max_touches is not None else len(keys)
    past: Ids = keys[until - since > most]
    return past
