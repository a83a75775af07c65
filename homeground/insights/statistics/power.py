"""How many people it takes: to see an effect after the fact, and before the send.

Normal approximation, two-sided 5 %, power 80 %.
"""

import math

from scipy import special

from homeground.insights.statistics.effect import ALPHA

POWER = 0.8
_REACH = float(special.ndtri(1 - ALPHA / 2) + special.ndtri(POWER))  # 2.8016
_MOST = 10**12  # Past this the honest answer is "never".


def needed_per_arm(effect: float, treated_variance: float, control_variance: float) -> int | None:
    """People in each of two equal arms to see this effect at 80 % power; None when there is nothing to see."""
    squared = effect * effect
    if not 0 < squared < math.inf:
        return None
    return _whole(_REACH**2 * (treated_variance + control_variance) / squared)


def detectable_effect(se: float) -> float:
    """The smallest true effect that a comparison with this standard error finds four times in five."""
    return _REACH * se


def needed_audience(base_rate: float, effect: float, holdout_share: float) -> int | None:
    """People to put into a campaign, holdout and all, to see the rate move from base_rate to base_rate + effect.

    base_rate: 0 … 1, of the holdout; effect: in the same unit; holdout_share: above 0, below 1.
    None when there is nothing to see or the new rate is no rate.
    """
    rate = base_rate + effect
    if not effect * effect or not 0 <= rate <= 1 or not 0 < holdout_share < 1:
        return None
    spread = rate * (1 - rate) / (1 - holdout_share) + base_rate * (1 - base_rate) / holdout_share
    return _whole(_REACH**2 * spread / (effect * effect))


def detectable_rate(people: int, base_rate: float, holdout_share: float) -> float | None:
    """The smallest change of a rate that a campaign of so many people, holdout and all, would show."""
    if people < 1 or not 0 < holdout_share < 1 or not 0 < base_rate < 1:
        return None
    spread = base_rate * (1 - base_rate) * (1 / (1 - holdout_share) + 1 / holdout_share)
    return detectable_effect(math.sqrt(spread / people))


def _whole(people: float) -> int | None:
    return max(math.ceil(people), 2) if math.isfinite(people) and people < _MOST else None
