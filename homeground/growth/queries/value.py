"""What sources cost and what they brought: each number with its denominator and its days."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection

from homeground.core import time
from homeground.growth.models import Source, SourceCost
from homeground.growth.queries.duty import SQL
from homeground.people.queries import brand

_FAR_OFF = 2  # Times more, or fewer, than expected is far from it (M26).


@dataclass(frozen=True)
class Brought:
    """What a source brought in a span. Money in minor units of the brand's currency."""

    people: int = 0
    friends: int = 0
    gone: int = 0
    buyers: int = 0
    repeat_buyers: int = 0
    first_minor: int = 0
    repeat_minor: int = 0
    refunded_minor: int = 0

    @property
    def net_minor(self) -> int:
        return self.first_minor + self.repeat_minor - self.refunded_minor

    def __add__(self, other: "Brought") -> "Brought":
        return Brought(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Worth:
    """A span of a source: what it cost and brought. cost_minor is None where no cost is written down."""

    brought: Brought
    cost_minor: int | None

    @property
    def per_friend_minor(self) -> int | None:
        return _per(self.cost_minor, self.brought.friends)

    @property
    def per_buyer_minor(self) -> int | None:
        return _per(self.cost_minor, self.brought.buyers)

    @property
    def value_per_person_minor(self) -> int | None:
        return _per(self.brought.net_minor, self.brought.people)

    @property
    def returned(self) -> float | None:
        """Net sales for each unit of cost; sales, not margin."""
        return self.brought.net_minor / self.cost_minor if self.cost_minor else None


def worths(
    sources: Collection[Source], since: date, until: date, at: datetime | None = None
) -> dict[int, dict[date, Worth]]:
    """By source and month of the first arrival, the months of the span in order."""
    brought = _brought(sources, since, until, at or time.now())
    costs = list(SourceCost.objects.filter(source__in=sources, from_on__lte=until, until_on__gte=since))
    months = list(_months(since, until))
    return {
        source.pk: {
            month: Worth(
                brought.get((source.pk, month), Brought()),
                cost_between(
                    [cost for cost in costs if cost.source_id == source.pk], max(month, since), min(end, until)
                ),
            )
            for month, end in months
        }
        for source in sources
    }


def total(months: Mapping[date, Worth]) -> Worth:
    """The months together."""
    costs = [worth.cost_minor for worth in months.values() if worth.cost_minor is not None]
    brought = sum((worth.brought for worth in months.values()), Brought())
    return Worth(brought, sum(costs) if costs else None)


def cost_between(costs: Iterable[SourceCost], since: date, until: date) -> int | None:
    """The part of costs that falls into a span, by days: what is spread over two months is split evenly by day.

    Parts of one cost add up to it exactly. None: no cost touches the span.
    """
    parts = [part for cost in costs if (part := _part(cost, since, until)) is not None]
    return sum(parts) if parts else None


def followers_alarm(source: Source, people: int) -> str:
    """Whether the share of an account's followers who came in is far from what is expected: "few", "many" or ""."""
    if not source.followers or not source.expected_entry_bp:
        return ""
    expected = source.followers * source.expected_entry_bp / 10_000
    if people * _FAR_OFF < expected:
        return "few"
    return "many" if people > expected * _FAR_OFF else ""


def _brought(sources: Collection[Source], since: date, until: date, at: datetime) -> dict[tuple[int, date], Brought]:
    params: dict[str, Any] = {
        "sources": [source.pk for source in sources], "since": since, "until": until, "at": at,
        "currency": brand().currency,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute((SQL / "source_months.sql").read_text(), params)
        return {(source, month): Brought(*counts) for source, month, *counts in cursor.fetchall()}


def _months(since: date, until: date) -> Iterable[tuple[date, date]]:
    month = since.replace(day=1)
    while month <= until:
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        yield month, date.fromordinal(after.toordinal() - 1)
        month = after


def _part(cost: SourceCost, since: date, until: date) -> int | None:
    first, last = max(cost.from_on, since), min(cost.until_on, until)
    if first > last:
        return None
    days = (cost.until_on - cost.from_on).days + 1
    # Up to the last day less up to the day before the first: rounding never loses or makes a minor unit.
    upto, before = (last - cost.from_on).days + 1, (first - cost.from_on).days
    return cost.amount_minor * upto // days - cost.amount_minor * before // days


def _per(minor: int | None, count: int) -> int | None:
    return round(minor / count) if minor is not None and count else None
