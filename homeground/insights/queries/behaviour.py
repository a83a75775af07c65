"""Who acts alike (M101): part taken and orders by segment, and buyers by the month of their first order (M5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from homeground.core import time
from homeground.events import warehouse
from homeground.people.queries import brand
from homeground.segments.models import Segment

SQL = Path(__file__).parent.parent / "sql"
MONTHS = 12  # Cohorts shown.
_MOST = 50  # Segments shown.


@dataclass(frozen=True)
class _Behaved:
    """A row of behaviour_segments.sql."""

    segment_id: int
    members: int
    took_part: int
    clicked: int
    bought: int
    opted_out: int
    net_minor: int


@dataclass(frozen=True)
class SegmentBehaviour:
    """What the members of one segment did in a span. Shares are of the members."""

    segment: Segment
    members: int
    took_part: int
    clicked: int
    bought: int
    opted_out: int
    net_minor: int

    @property
    def participation(self) -> float:
        return self.took_part / self.members

    @property
    def conversion(self) -> float:
        return self.bought / self.members

    @property
    def click_rate(self) -> float:
        return self.clicked / self.members

    @property
    def opt_out_rate(self) -> float:
        return self.opted_out / self.members

    @property
    def minor_a_member(self) -> int:
        return round(self.net_minor / self.members)


@dataclass(frozen=True)
class _Month:
    """A row of cohorts.sql."""

    month: date
    months: int
    buyers: int
    net_minor: int


@dataclass(frozen=True)
class Cohort:
    """People whose first order fell in one month. Lists by months since then, the first month at 0."""

    month: date
    people: int
    shares: Sequence[float]  # Of the people, who ordered in that month.
    minor_a_person: Sequence[int]  # Net spend up to and including that month, minor units.


def by_segment(since: date, until: date) -> list[SegmentBehaviour]:
    """The newest segments with members, by whole days of the brand's zone, both ends included."""
    segments = {each.pk: each for each in Segment.objects.filter(generation__gt=0).order_by("-pk")[:_MOST]}
    if not segments:
        return []
    owner = brand()
    rows = warehouse.rows(
        _Behaved,
        SQL / "behaviour_segments.sql",
        ids=list(segments),
        generations=[each.generation for each in segments.values()],
        since=time.start_of(since, owner.time_zone),
        until=time.start_of(date.fromordinal(until.toordinal() + 1), owner.time_zone),
        currency=owner.currency,
    )
    found = [SegmentBehaviour(segments[row.segment_id], *list(vars(row).values())[1:]) for row in rows]
    return sorted(found, key=lambda each: each.segment.name)


def cohorts(until: date) -> list[Cohort]:
    """The last MONTHS months of first orders up to a day of the brand's zone, oldest first."""
    owner = brand()
    start = until.year * 12 + until.month - MONTHS
    rows = warehouse.rows(
        _Month,
        SQL / "cohorts.sql",
        since=date(start // 12, start % 12 + 1, 1),
        until=time.start_of(date.fromordinal(until.toordinal() + 1), owner.time_zone),
        zone=owner.time_zone,
        currency=owner.currency,
    )
    return [_cohort(month, [row for row in rows if row.month == month], until) for month in _months(rows)]


def _months(rows: Sequence[_Month]) -> list[date]:
    return sorted({row.month for row in rows})


def _cohort(month: date, rows: Sequence[_Month], until: date) -> Cohort:
    """Months without an order are months with a share of zero."""
    length = (until.year - month.year) * 12 + until.month - month.month + 1
    told = {row.months: row for row in rows}
    people, spent = told[0].buyers, 0
    shares, minor = [], []
    for place in range(length):
        row = told.get(place, _Month(month, place, 0, 0))
        spent += row.net_minor
        shares.append(row.buyers / people)
        minor.append(round(spent / people))
    return Cohort(month, people, shares, minor)
