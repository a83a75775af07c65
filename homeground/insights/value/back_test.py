"""What the predictions would have been worth: made as of an earlier day, held against what was bought after it.

The naive rule beside the model: everyone buys in the weeks to come as often as in as many weeks before (Wübben &
Wangenheim, Journal of Marketing 72 (2008): such rules are hard to beat). Beside the dates: last purchase plus the
brand's middle gap.
"""

from dataclasses import dataclass

import numpy as np

from homeground.insights.value import bg_nbd
from homeground.insights.value.dates import BASES, UNIT_DAYS, Cycles, Expected, expected_dates
from homeground.insights.value.purchases import Floats, Ints, Purchases, Summary, summary_of

MOST_WEEKS = 13
LEAST_WEEKS = 24  # Of orders in all; a third of them, at most, is held back.
LEAST_REPEATERS = 100  # Before the cut.
_GROUPS = 10
_MOST_PEOPLE = 100_000  # The curve by weeks is drawn from so many; the error is stable long before.


@dataclass(frozen=True)
class Week:
    """Repeat purchases in all up to the end of the n-th week held back."""

    number: int
    actual: float
    predicted: float
    naive: float


@dataclass(frozen=True)
class Group:
    """Customers of whom alike many purchases were predicted; means by customer."""

    people: int
    predicted: float
    actual: float


@dataclass(frozen=True)
class Dates:
    """Dates of one basis whose interval lay wholly in the weeks held back.

    within: of those people, the share who bought again inside the interval. error_days: median distance of their first
    purchase from the date, of those who bought in the weeks held back; naive_days: of the same by the naive rule.
    """

    basis: str
    people: int
    within: float
    error_days: float | None
    naive_days: float | None


@dataclass(frozen=True)
class BackTest:
    """The predictions as of a day, and what came. Errors are root mean squares of purchases by customer."""

    cut: int
    weeks: int
    people: int
    actual: float
    predicted: float
    naive: float
    error: float
    naive_error: float
    by_week: list[Week]
    groups: list[Group]
    dates: list[Dates]

    @property
    def naive_wins(self) -> bool:
        """Whether the naive rule came nearer, customer by customer."""
        return self.naive_error <= self.error


def weeks_to_hold(first: int, until: int) -> int:
    """How many weeks to hold back of orders between two days; 0 where there are too few weeks in all."""
    weeks = (until - first + 1) // 7
    return min(MOST_WEEKS, weeks // 3) if weeks >= LEAST_WEEKS else 0


def back_test(purchases: Purchases, until: int, weeks: int, cycles: Cycles | None = None) -> BackTest | None:
    """The test with the last `weeks` weeks held back; None where too little lies before them, or no model fits.

    cycles: as of the cut, of the customers known by then.
    """
    cut = until - 7 * weeks
    before = purchases.until(cut)
    summary = summary_of(before, cut, UNIT_DAYS)
    if (summary.x > 0).sum() < LEAST_REPEATERS:
        return None
    fitted = bg_nbd.fit(summary)
    if not fitted.optimum.converged:
        return None
    owner, days = _later(purchases, before, cut)
    size = len(before.people)
    actual = np.bincount(owner, minlength=size).astype(float)
    predicted = fitted.model.expected_from(summary.x, summary.t_x, summary.age, float(weeks))
    naive = _recent(before, cut - 7 * weeks)
    expected = expected_dates(before, cut, fitted.model, cycles)
    return BackTest(
        cut, weeks, size, actual.sum(), predicted.sum(), naive.sum(), _error(predicted, actual), _error(naive, actual),
        _by_week(fitted.model, summary, days, cut, weeks, float(naive.sum())), _groups(predicted, actual),
        _dates(before, expected, _first(owner, days, size), cut, until),
    )  # fmt: skip


def _later(purchases: Purchases, before: Purchases, cut: int) -> tuple[Ints, Ints]:
    """Purchases after the cut of those known before it: the customer's place, and the day."""
    inside = purchases.days > cut
    people, days = purchases.people[purchases.owner[inside]], purchases.days[inside]
    place = np.searchsorted(before.people, people)
    known = before.people[np.minimum(place, len(before.people) - 1)] == people
    return place[known], days[known]


def _recent(before: Purchases, since: int) -> Floats:
    """Repeat purchases of each customer after a day."""
    repeats = before.days > np.maximum(since, before.first[before.owner])
    return np.bincount(before.owner[repeats], minlength=len(before.people)).astype(float)


def _error(predicted: Floats, actual: Floats) -> float:
    return float(np.sqrt(np.mean((predicted - actual) ** 2)))


def _by_week(model: bg_nbd.BgNbd, summary: Summary, days: Ints, cut: int, weeks: int, naive: float) -> list[Week]:
    some = slice(None, None, 1 + len(summary.x) // _MOST_PEOPLE)
    x, t_x, age = summary.x[some], summary.t_x[some], summary.age[some]
    whole = len(summary.x) / len(x)
    return [
        Week(
            number,
            float((days <= cut + 7 * number).sum()),
            float(model.expected_from(x, t_x, age, float(number)).sum() * whole),
            naive * number / weeks,
        )
        for number in range(1, weeks + 1)
    ]


def _groups(predicted: Floats, actual: Floats) -> list[Group]:
    """Ten groups of like predictions: as many purchases predicted in each, so that the few who buy most are seen."""
    order = np.argsort(predicted, kind="stable")
    share = np.cumsum(predicted[order]) / max(float(predicted.sum()), 1e-300)
    group = np.minimum((share * _GROUPS).astype(np.int64), _GROUPS - 1)
    people = np.bincount(group, minlength=_GROUPS)
    sums = [np.bincount(group, each[order], _GROUPS) for each in (predicted, actual)]
    return [
        Group(int(many), float(sums[0][at] / many), float(sums[1][at] / many)) for at, many in enumerate(people) if many
    ]


def _first(owner: Ints, days: Ints, size: int) -> Floats:
    """The first purchase held back of each customer; NaN for none."""
    first = np.full(size, np.inf)
    np.minimum.at(first, owner, days.astype(float))
    return np.where(np.isfinite(first), first, np.nan)


def _dates(before: Purchases, expected: Expected, first: Floats, cut: int, until: int) -> list[Dates]:
    gaps = np.diff(before.days)[np.diff(before.owner) == 0]
    naive = before.last + (float(np.median(gaps)) if len(gaps) else np.nan)
    found = []
    for place, basis in enumerate(BASES):
        due = (expected.basis == place) & (expected.low > cut) & (expected.high <= until)
        if people := int(due.sum()):
            bought = due & np.isfinite(first)
            within = bought & (first >= expected.low) & (first <= expected.high)
            error, other = (_middle(np.abs(first - day)[bought]) for day in (expected.on, naive))
            found.append(Dates(basis, people, float(within.sum() / people), error, other))
    return found


def _middle(errors: Floats) -> float | None:
    return float(np.median(errors)) if len(errors) and np.isfinite(errors).all() else None
