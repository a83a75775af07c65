"""What the metrics are made of: counts of people by period, each made once, when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from homeground.commerce.models import Product as Goods
from homeground.content.queries import trust_path
from homeground.core import time
from homeground.events import warehouse
from homeground.growth.models import Source
from homeground.growth.queries.value import total, worths
from homeground.insights.queries.loop import ACTS
from homeground.journeys.models import Enrolment
from homeground.people.queries import brand
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.service.models import ScoreGoal
from homeground.service.queries.scorecard import scorecard, span_of

_SQL = Path(__file__).parent.parent / "sql"
PERIODS = 6
LEAST = 30  # Of fewer people a share says nothing, and nothing is far off.
_RETURNS = 0.1  # Of the buyers of a product: more of them giving it back stops its promotion (M16).
Row = TypeVar("Row")


@dataclass(frozen=True)
class Period:
    """One period of a metric: so many (good) of so many (of). Days of the brand's zone, both included."""

    since: date
    until: date
    good: int
    of: int

    @property
    def share(self) -> float | None:
        return self.good / self.of if self.of else None


@dataclass(frozen=True)
class Product:
    """A product in the running period."""

    sku: str
    name: str
    buyers: int
    repeaters: int
    returners: int

    @property
    def returned(self) -> float | None:
        return self.returners / self.buyers if self.buyers else None

    @property
    def is_held_back(self) -> bool:
        """Too much of it comes back: it is not promoted until somebody knows why (M16)."""
        return self.buyers >= LEAST and (self.returned or 0) >= _RETURNS


@dataclass(frozen=True)
class _People:
    period: int
    touched: int
    joined: int
    buyers: int
    repeaters: int
    kept: int
    left: int
    reached: int
    complained: int
    refunded: int


@dataclass(frozen=True)
class _Newcomers:
    period: int
    newcomers: int
    buyers: int
    referred: int


@dataclass(frozen=True)
class _Yearly:
    period: int
    buyers: int
    returned: int


@dataclass(frozen=True)
class _Silent:
    period: int
    silent: int
    buyers: int


@dataclass(frozen=True)
class _Leads:
    period: int
    leads: int
    answered: int


@dataclass(frozen=True)
class _Sold:
    period: int
    sku: str
    buyers: int
    repeaters: int
    returners: int


class Counted:
    """Six periods of one length up to a moment, and one before them; each count is made once, when it is asked for."""

    def __init__(self, installation: Installation, days: int, at: datetime) -> None:
        self.installation, self.days, self.at = installation, days, at
        self.zone = brand().time_zone
        self.today = time.day_of(at, self.zone)
        # A clock change makes a day longer or shorter: edges stand whole days of 24 hours before the end of today.
        self.until = time.start_of(self.today + timedelta(days=1), self.zone)
        self.since = self.until - timedelta(days=days * (PERIODS + 1))

    @cached_property
    def people(self) -> dict[int, _People]:
        return self._rows(_People, "people", since=self.since, until=self.until, days=self.days)

    @cached_property
    def newcomers(self) -> dict[int, _Newcomers]:
        names = list(Source.objects.filter(kind=Source.Kind.REFERRAL).values_list("name", flat=True))
        span = {"since": self.since, "until": self.until, "days": self.days}
        return self._rows(_Newcomers, "newcomers", **span, referrals=names)

    @cached_property
    def sold(self) -> list[_Sold]:
        span = {"since": self.since, "until": self.until, "days": self.days}
        return warehouse.rows(_Sold, _SQL / "products.sql", **span)

    @property
    def products(self) -> list[Product]:
        """The ten with the most buyers in the running period."""
        sold = [row for row in self.sold if row.period == PERIODS][:10]
        names = dict(Goods.objects.filter(sku__in=[row.sku for row in sold]).values_list("sku", "name"))
        return [
            Product(row.sku, names.get(row.sku) or row.sku, row.buyers, row.repeaters, row.returners) for row in sold
        ]

    def yearly(self) -> list[Period]:
        rows = self._rows(_Yearly, "yearly", since=self.since, days=self.days, periods=PERIODS + 1)
        return self._periods(rows, lambda row: (row.returned, row.buyers))

    def silent(self) -> list[Period]:
        span = {"since": self.since, "until": self.until, "days": self.days, "periods": PERIODS + 1}
        rows = self._rows(_Silent, "silent", **span, acts=ACTS)
        return self._periods(rows, lambda row: (row.buyers, row.silent))

    def leads(self, hours: int) -> list[Period]:
        span = {"since": self.since, "until": min(self.until, self.at), "days": self.days, "hours": hours}
        rows = self._rows(_Leads, "leads", **span)
        return self._periods(rows, lambda row: (row.answered, row.leads))

    def by_people(self, read: Callable[[_People], tuple[int, int]]) -> list[Period]:
        return self._periods(self.people, read)

    def by_newcomers(self, read: Callable[[_Newcomers], tuple[int, int]]) -> list[Period]:
        return self._periods(self.newcomers, read)

    def kept_on(self) -> list[Period]:
        """Of the buyers of the period before."""
        people = self.people
        return [
            self._period(number, row.kept if (row := people.get(number)) else 0, before.buyers if before else 0)
            for number in range(1, PERIODS + 1)
            for before in [people.get(number - 1)]
        ]

    def most_bought(self) -> list[Period]:
        top: dict[int, int] = {}
        for row in self.sold:
            top[row.period] = max(top.get(row.period, 0), row.buyers)
        return self._periods(self.people, lambda row: (top.get(row.period, 0), row.buyers))

    def replies(self) -> list[Period]:
        """By the staff's clock (the scorecard counts them), whole weeks of a period together."""
        weeks = -(-self.days * PERIODS // 7) + 1
        shares = scorecard(span_of(weeks, self.zone, self.at)).brand.counted.weeks[ScoreGoal.Metric.ANSWERED]
        found = {number: [0, 0] for number in range(1, PERIODS + 1)}
        for monday, share in shares.items():
            number = self._number(time.start_of(monday, self.zone))
            if number in found:
                found[number][0] += share.good
                found[number][1] += share.of
        return [self._period(number, *counts) for number, counts in found.items()]

    def trust(self) -> list[Period]:
        paths = {number: trust_path(self.days, self._edge(number + 1)) for number in range(1, PERIODS + 1)}
        return [self._period(number, path.with_any, path.buyers) for number, path in paths.items()]

    def consults(self) -> list[Period]:
        """Of all followers of content accounts, who ever came in: one figure, with no past to compare with."""
        sources = list(Source.objects.filter(kind=Source.Kind.CONTENT, followers__isnull=False, is_retired=False))
        months = worths(sources, date(2000, 1, 1), self.today, self.at)
        came = sum(total(months[source.pk]).brought.people for source in sources)
        return [self._period(PERIODS, came, sum(source.followers or 0 for source in sources))]

    def goals(self) -> list[Period]:
        ids = self.installation.pieces.filter(kind=InstalledPiece.Kind.JOURNEY).values("object_id")
        walks = Enrolment.objects.filter(version__journey__in=ids, version__graph__goal__isnull=False)
        walks = walks.filter(entered_at__gte=self.since, entered_at__lt=self.until)
        found = {number: [0, 0] for number in range(1, PERIODS + 1)}
        for entered_at, ending in walks.exclude(state="held_out").values_list("entered_at", "ending").iterator():
            counts = found.get(self._number(entered_at), [0, 0])
            counts[0] += ending == Enrolment.Ending.GOAL
            counts[1] += 1
        return [self._period(number, *counts) for number, counts in found.items()]

    def harm(self, key: str, periods: int) -> list[Period]:
        """Of the same periods as the metric."""
        return self._periods(self.people, _HARMS[key])[-periods:]

    def _periods(self, rows: Mapping[int, Row], read: Callable[[Row], tuple[int, int]]) -> list[Period]:
        found = [(number, rows.get(number)) for number in range(1, PERIODS + 1)]
        return [self._period(number, *(read(row) if row else (0, 0))) for number, row in found]

    def _period(self, number: int, good: int, of: int) -> Period:
        last = self._edge(number + 1) - timedelta(seconds=1)
        return Period(time.day_of(self._edge(number), self.zone), time.day_of(last, self.zone), good, of)

    def _edge(self, number: int) -> datetime:
        return self.since + timedelta(days=self.days * number)

    def _number(self, moment: datetime) -> int:
        return (moment - self.since) // timedelta(days=self.days)

    def _rows(self, kind: type[Row], statement: str, **params: Any) -> dict[int, Row]:
        rows = warehouse.rows(kind, _SQL / f"{statement}.sql", **params)
        return {row.period: row for row in rows}  # type: ignore[attr-defined]


_HARMS: dict[str, Callable[[_People], tuple[int, int]]] = {
    "left": lambda row: (row.left, row.touched),
    "complained": lambda row: (row.complained, row.reached),
    "returned": lambda row: (row.refunded, row.buyers),
}
