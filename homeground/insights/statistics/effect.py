"""Treated minus control: the lift, its 95 % interval and its p.

Means of any kind, 0/1 outcomes too, are compared by Welch's t: one rule for all outcomes, right for unequal variances,
and for 0/1 at these sizes the same as the two-proportion test to the third digit. Only where a cell of a 0/1 outcome
holds fewer than ten people is the normal curve wrong: there the interval is Newcombe's (Wilson's, combined; it never
leaves -1 … 1 and does not shrink to nothing at 0 of n) and p is Fisher's exact one.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from homeground.insights.statistics.moments import Array, Moments

ALPHA = 0.05
_FEW = 10  # People in a cell of a 0/1 outcome.


@dataclass(frozen=True)
class Effect:
    """One arm against the control, in the outcome's own unit; None where it cannot be known."""

    lift: float | None  # Treated mean - control mean.
    se: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    relative_lift: float | None  # lift / control mean; None when the control mean is not above 0.
    relative_low: float | None
    relative_high: float | None
    method: str  # welch, newcombe_fisher; none when nothing varies or an arm is too small.


NO_EFFECT = Effect(None, None, None, None, None, None, None, None, "none")


def difference(treated: Moments, control: Moments) -> Effect:
    """Treated minus control. Without two people in each arm, or when nothing varies, only the lift is known."""
    if not treated.n or not control.n:
        return NO_EFFECT
    with np.errstate(all="ignore"):
        if treated.is_binary and control.is_binary and _fewest(treated, control) < _FEW:
            return _small(treated, control)
        return _welch(treated, control)


def known(value: float) -> float | None:
    """The number, or None for what is not one."""
    return float(value) if math.isfinite(value) else None


def _welch(treated: Moments, control: Moments) -> Effect:
    lift = treated.mean - control.mean
    parts = np.array([treated.variance / treated.n, control.variance / control.n])
    if min(treated.n, control.n) < 2 or not 0 < parts.sum() < math.inf:
        return _point(treated, control)
    se = math.sqrt(parts.sum())
    # Satterthwaite; the shares, not the squares: these can overflow.
    shares = parts / parts.sum()
    freedom = 1 / float((shares**2 / (treated.n - 1, control.n - 1)).sum())
    reach = special.stdtrit(freedom, 1 - ALPHA / 2) * se
    p = 2 * special.stdtr(freedom, -abs(lift / se))
    relative, low, high = _relative(treated, control)
    return Effect(
        known(lift), known(se), known(lift - reach), known(lift + reach), known(p), relative, low, high, "welch"
    )


def _point(treated: Moments, control: Moments) -> Effect:
    lift = treated.mean - control.mean
    relative = lift / control.mean if control.mean > 0 else math.nan
    return Effect(known(lift), None, None, None, None, known(relative), None, None, "none")


def _relative(treated: Moments, control: Moments) -> tuple[float | None, float | None, float | None]:
    """The ratio of means less one, by the delta method."""
    if not control.mean > 0:
        return None, None, None
    ratio = treated.mean / control.mean
    spread = math.hypot(math.sqrt(treated.variance / treated.n), ratio * math.sqrt(control.variance / control.n))
    reach = -special.ndtri(ALPHA / 2) * spread / control.mean
    return known(ratio - 1), known(ratio - 1 - reach), known(ratio - 1 + reach)


def _fewest(treated: Moments, control: Moments) -> int:
    return min(min(round(arm.mean * arm.n), arm.n - round(arm.mean * arm.n)) for arm in (treated, control))


def _small(treated: Moments, control: Moments) -> Effect:
    point = _point(treated, control)
    lift = treated.mean - control.mean
    (low_t, high_t), (low_c, high_c) = _wilson(treated), _wilson(control)
    below = math.hypot(treated.mean - low_t, high_c - control.mean)
    above = math.hypot(high_t - treated.mean, control.mean - low_c)
    se = math.sqrt(treated.variance / treated.n + control.variance / control.n)
    p = _fisher(round(treated.mean * treated.n), treated.n, round(control.mean * control.n), control.n)
    return Effect(
        point.lift,
        known(se) if se > 0 else None,
        known(lift - below),
        known(lift + above),
        p,
        point.relative_lift,
        None,
        None,
        "newcombe_fisher",
    )


def _wilson(arm: Moments) -> tuple[float, float]:
    z = -special.ndtri(ALPHA / 2)
    centre = (arm.mean + z**2 / (2 * arm.n)) / (1 + z**2 / arm.n)
    reach = z / (1 + z**2 / arm.n) * math.sqrt(arm.mean * (1 - arm.mean) / arm.n + z**2 / (4 * arm.n**2))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def _fisher(yes_t: int, n_t: int, yes_c: int, n_c: int) -> float:
    """Two-sided: the chance of a table no likelier than this one, given its margins."""
    yes = yes_t + yes_c
    table = np.arange(max(0, yes - n_c), min(yes, n_t) + 1)
    weight = _log_choose(n_t, table) + _log_choose(n_c, yes - table)
    chance = np.exp(weight - special.logsumexp(weight))
    return float(min(chance[chance <= chance[yes_t - table[0]] * (1 + 1e-7)].sum(), 1.0))


def _log_choose(n: int, k: NDArray[np.int64]) -> Array:
    result: Array = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return result
