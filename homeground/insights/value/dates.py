"""When each customer is expected to buy again: the best basis that has something to say, and its interval.

Dates are counted from the last purchase, so a date stands still until she buys or until its interval is over. In this
order: her own rhythm (regular, four purchases or more); the model (a repeat customer, more likely than not still one,
with half of those like her back within a year); the cycle of the product she bought last (how long its buyers take to
buy it again); the anniversary of an only order. The interval of the first three is from the day by which a tenth of
those like her have bought again to the day by which nine tenths have; the date: half of them. Of the model: of those
who stay.
"""

from dataclasses import dataclass

import numpy as np

from homeground.insights.value.anniversary import AROUND_DAYS, anniversaries
from homeground.insights.value.bg_nbd import BgNbd
from homeground.insights.value.purchases import Floats, Ints, Purchases, Summary, summary_of
from homeground.insights.value.rhythm import rhythms

BASES = ("rhythm", "model", "cycle", "anniversary")
NONE = -1
UNIT_DAYS = 7.0  # Models count in weeks.
FURTHEST_DAYS = 366  # A date further away is no plan.
ALIVE = 0.5  # Below it the model gives no date: she is to be won back, not reminded.
_TENTHS = (0.1, 0.5, 0.9)
_Days = tuple[Floats, Floats, Floats]  # Low, middle, high.


@dataclass(frozen=True)
class Cycles:
    """Of each customer's last product, in days: NaN where too few bought it twice to say."""

    low: Floats
    middle: Floats
    high: Floats


@dataclass(frozen=True)
class Expected:
    """By customer. basis: a place in BASES or NONE; days are day numbers, without meaning where basis is NONE."""

    basis: Ints
    on: Ints
    low: Ints
    high: Ints


def expected_dates(
    purchases: Purchases, until: int, model: BgNbd | None = None, cycles: Cycles | None = None
) -> Expected:
    """The next purchase of everyone, as of the end of a day."""
    last = purchases.last.astype(float)
    offers = [_rhythm(purchases), _model(summary_of(purchases, until, UNIT_DAYS), model), _cycle(cycles, len(last))]
    days = [tuple(last + each for each in offer) for offer in offers]
    days.append(_anniversary(purchases, until))
    usable = [np.nan_to_num(high, nan=-np.inf) >= until for _low, _middle, high in days]
    basis = np.select(usable, range(len(BASES)), NONE)
    low, on, high = (np.select(usable, [day[at] for day in days], 0.0) for at in range(3))
    whole = [np.floor(each).astype(np.int64) for each in (on, low)]
    return Expected(basis, whole[0], whole[1], np.ceil(high).astype(np.int64))


def _rhythm(purchases: Purchases) -> _Days:
    own = rhythms(purchases)
    return (
        np.where(own.is_regular, own.low, np.nan),
        np.where(own.is_regular, own.period, np.nan),
        np.where(own.is_regular, own.high, np.nan),
    )


def _model(summary: Summary, model: BgNbd | None) -> _Days:
    nothing = np.full(len(summary.x), np.nan)
    if model is None:
        return nothing, nothing, nothing
    x, t_x = summary.x, summary.t_x
    low, middle, high = (UNIT_DAYS * model.next_after(x, t_x, share) for share in _TENTHS)
    sound = (x > 0) & (middle <= FURTHEST_DAYS) & (model.p_alive(x, t_x, summary.age) >= ALIVE)
    return np.where(sound, low, np.nan), np.where(sound, middle, np.nan), np.where(sound, high, np.nan)


def _cycle(cycles: Cycles | None, size: int) -> _Days:
    nothing = np.full(size, np.nan)
    return (cycles.low, cycles.middle, cycles.high) if cycles else (nothing, nothing, nothing)


def _anniversary(purchases: Purchases, until: int) -> _Days:
    on = np.where(purchases.counts == 1, anniversaries(purchases.last, until).astype(float), np.nan)
    return on - AROUND_DAYS, on, on + AROUND_DAYS
