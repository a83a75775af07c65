"""How an installed pack does: its metrics over six periods, each with its denominator and its harm (M2, M26, M48)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from homeground.core import time
from homeground.playbooks.metrics import METRICS, Metric
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.nodes import KpiGiven, Pack, Words
from homeground.playbooks.queries.counting import LEAST, Counted, Period, Product

_FAR_OFF = 2  # Times more, or fewer, than expected is far from it (M26).


@dataclass(frozen=True)
class Shown:
    """A metric as it is shown. periods: oldest first; harm: of the same periods. alarm: far from what is expected."""

    metric: Metric
    why: Words
    is_main: bool
    days: int
    periods: list[Period]
    harm: list[Period]
    expected: float | None
    alarm: Literal["", "few", "many"]
    products: list[Product] = field(default_factory=list)

    @property
    def now(self) -> Period:
        return self.periods[-1]

    @property
    def harm_now(self) -> Period:
        return self.harm[-1]

    @property
    def before(self) -> Period | None:
        return self.periods[-2] if len(self.periods) > 1 else None

    @property
    def is_empty(self) -> bool:
        return not any(period.of for period in self.periods)


@dataclass(frozen=True)
class Board:
    """The metrics of one installation, as of a moment."""

    as_of: datetime
    shown: list[Shown]

    @property
    def main(self) -> list[Shown]:
        return [one for one in self.shown if one.is_main]

    @property
    def beside(self) -> list[Shown]:
        return [one for one in self.shown if not one.is_main]


def board(installation: Installation, pack: Pack, at: datetime | None = None) -> Board:
    """Every metric of the pack. A few statements a length of period, whatever the number of customers."""
    at = at or time.now()
    counted: dict[int, Counted] = {}
    for kpi in pack.kpis:
        counted.setdefault(kpi.days, Counted(installation, kpi.days, at))
    return Board(at, [_shown(kpi, counted[kpi.days]) for kpi in pack.kpis])


def _shown(kpi: KpiGiven, counted: Counted) -> Shown:
    metric = METRICS[kpi.metric]
    periods = _COUNTS[kpi.metric](counted)
    products = counted.products if kpi.metric == "popularity" else []
    harm = counted.harm(metric.harm, len(periods))
    return Shown(
        metric, kpi.why, kpi.is_main, kpi.days, periods, harm, kpi.expected, _alarm(periods[-1], kpi.expected), products
    )


def _alarm(now: Period, expected: float | None) -> Literal["", "few", "many"]:
    """Only far from what is expected, and only where enough people stand behind it; 95 % is never doubled."""
    if expected is None or now.of < LEAST or now.share is None:
        return ""
    if now.share * _FAR_OFF < expected:
        return "few"
    return "many" if now.share > expected * _FAR_OFF else ""


_COUNTS: dict[str, Callable[[Counted], list[Period]]] = {
    "participation": lambda counted: counted.by_people(lambda row: (row.joined, row.touched)),
    "repurchase": lambda counted: counted.by_people(lambda row: (row.repeaters, row.buyers)),
    "popularity": Counted.most_bought,
    "reply-in-time": Counted.replies,
    "lead-in-hour": lambda counted: counted.leads(1),
    "lead-in-time": lambda counted: counted.leads(24),
    "consult-entry": Counted.consults,
    "first-order": lambda counted: counted.by_newcomers(lambda row: (row.buyers, row.newcomers)),
    "kept-on": Counted.kept_on,
    "yearly-return": Counted.yearly,
    "referral-share": lambda counted: counted.by_newcomers(lambda row: (row.referred, row.newcomers)),
    "trust-first": Counted.trust,
    "silent-buy": Counted.silent,
    "journey-goal": Counted.goals,
}
