"""How much is planned for people of a segment, day by day, and whom it would carry past their cap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from homeground.journeys.models import FrequencyCap
from homeground.journeys.models.policy import EVERY
from homeground.journeys.queries.calendar.entries import dated
from homeground.journeys.queries.calendar.planned import Ids, People, Touches, people_of, sums, touches_of
from homeground.journeys.queries.calendar.shape import Choice, Span
from homeground.journeys.queries.calendar.walks import running, segments_of
from homeground.journeys.queries.policy import policy_at
from homeground.segments import queries as segments
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
    def is_quiet(self) -> bool:
        """Nothing was sent to them lately, and nothing is planned."""
        return not any(day.per_week for day in self.near)

    @property
    def worst(self) -> float:
        """The largest share of them that a day to come would carry past a cap."""
        return max((day.share for day in self.days if not day.is_past), default=0.0)

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
    """pressures() of one."""
    return pressures(span, [segment])[0]


def pressures(span: Span, lots: Iterable[Segment | None]) -> list[Pressure]:
    """What is planned for the people of each of these, from the audiences as they are known now.

    An upper bound: whom the guard will leave out for other reasons (no consent, no address) is not taken off, nor are
    purchases and replies until then. Windows are counted in whole days. The touches are read once, for everybody.
    """
    policy = policy_at(span.at)
    people = people_of()
    touches = touches_of(people, span, policy)
    over = _over(people, touches, policy.caps)
    return [_pressure(span, lot, _inside(people, lot), touches, over) for lot in lots]


def planned_segments(span: Span, most: int) -> list[Segment]:
    """Whom campaigns and running journeys mean on the days to come, the largest first."""
    coming = dated().filter(planned_at__gte=max(span.starts, span.at), planned_at__lt=span.ends)
    entered = {slug for journey in running(Choice()) for slug in segments_of(journey)}
    meant = Q(pk__in=coming.values("segment")) | Q(slug__in=entered)
    return list(Segment.objects.filter(meant, customers__gt=0).order_by("-customers", "name")[:most])


def _inside(people: People, segment: Segment | None) -> NDArray[np.bool_]:
    """Of each person, whether the segment holds them as last computed."""
    if segment is None:
        return np.ones(len(people.ids), bool)
    inside = np.zeros(len(people.ids), bool)
    inside[people.rows_of(np.array(segments.members(segment), np.int64))] = True
    return inside


def _pressure(span: Span, segment: Segment | None, inside: NDArray[np.bool_], touches: Touches, over: Ids) -> Pressure:
    before = span.first - timedelta(days=WEEK - 1)
    counts = _by_day(touches.days[inside[touches.rows]], before, (span.last - before).days + 1)
    carried = _by_day(over[inside[over // _DAY_BITS]] % _DAY_BITS, span.first, len(span.days))
    weeks = sums(counts, WEEK)[WEEK - 1 :]
    people = int(inside.sum())
    return Pressure(segment, people, _days(span, people, counts[WEEK - 1 :], weeks, carried))


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
    """Person and day, once, of each day on which somebody goes past a cap."""
    found = [_past(cap, people, touches) for cap in caps]
    both: Ids = np.unique(np.concatenate([np.empty(0, np.int64), *found]))
    return both


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
