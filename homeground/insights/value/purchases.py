"""Orders as purchases: one a customer and day, in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Purchases:
    """Purchases by customer, then by day. Customer i has those from offsets[i] up to offsets[i + 1]."""

    people: Ints  # Ids, rising.
    offsets: Ints
    days: Ints  # Day numbers, rising within a customer.
    spend: Floats  # Of the day, any unit.

    @property
    def counts(self) -> Ints:
        """Purchases of each customer; at least one."""
        return np.diff(self.offsets)

    @property
    def first(self) -> Ints:
        """The day of each customer's first purchase."""
        return self.days[self.offsets[:-1]]

    @property
    def last(self) -> Ints:
        """The day of each customer's last purchase."""
        return self.days[self.offsets[1:] - 1]

    @property
    def owner(self) -> Ints:
        """The place of the customer of each purchase."""
        return np.repeat(np.arange(len(self.people)), self.counts)

    def until(self, day: int) -> "Purchases":
        """Those up to a day, that day included; customers who first bought later are left out."""
        inside = self.days <= day
        return _grouped(self.people[self.owner[inside]], self.days[inside], self.spend[inside])


@dataclass(frozen=True)
class Summary:
    """What the models read of each customer, in units of time (Fader, Hardie & Lee 2005).

    x: repeat purchases. t_x: from the first to the last. age (T): from the first to the end of the observation.
    value: mean spend of a repeat purchase, the first left out; NaN where x is 0.
    """

    x: Floats
    t_x: Floats
    age: Floats
    value: Floats


def purchases_of(people: Ints, days: Ints, spend: Floats | None = None) -> Purchases:
    """One purchase a customer and day, whatever the order of the rows; the spend of a day is added up."""
    money = np.zeros(len(days)) if spend is None else spend
    order = np.lexsort((days, people))
    people, days, money = people[order], days[order], money[order]
    fresh = np.ones(len(days), bool)
    fresh[1:] = (people[1:] != people[:-1]) | (days[1:] != days[:-1])
    starts = np.flatnonzero(fresh)
    added = np.add.reduceat(money, starts) if len(starts) else money
    return _grouped(people[starts], days[starts], added)


def summary_of(purchases: Purchases, until: int, unit_days: float = 7.0) -> Summary:
    """The customers' histories as of the end of a day; no purchase lies after it."""
    x = purchases.counts - 1
    first, last = purchases.first, purchases.last
    totals = np.add.reduceat(purchases.spend, purchases.offsets[:-1]) if len(x) else np.zeros(0)
    repeats = totals - purchases.spend[purchases.offsets[:-1]]
    value = np.divide(repeats, x, out=np.full(len(x), np.nan), where=x > 0)
    return Summary(x.astype(float), (last - first) / unit_days, (until - first) / unit_days, value)


def _grouped(people: Ints, days: Ints, spend: Floats) -> Purchases:
    """Rows already sorted by customer and day."""
    changes = np.flatnonzero(np.diff(people)) + 1
    offsets = np.concatenate([[0], changes, [len(people)]]) if len(people) else np.zeros(1, np.int64)
    return Purchases(people[offsets[:-1]], offsets.astype(np.int64), days, spend)
