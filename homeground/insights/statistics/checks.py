"""May the numbers be believed? Sizes as designed, and arms alike before the start."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from homeground.insights.statistics.effect import difference
from homeground.insights.statistics.moments import Moments

_FAILS, _WARNS = 0.001, 0.01


@dataclass(frozen=True)
class SampleRatio:
    """Sizes against the designed shares."""

    p: float | None
    ok: bool  # False below 0.001: the lift must not be read.
    warns: bool  # Below 0.01.
    expected: list[float]  # People, in the arms' order.


@dataclass(frozen=True)
class Balance:
    """One covariate in one arm against the control, before the start."""

    mean: float | None
    control_mean: float | None
    standardised: float | None  # Difference in units of the usual spread; above 0.1 is worth a look.
    p: float | None
    ok: bool


def sample_ratio(sizes: Sequence[int], shares: Sequence[float]) -> SampleRatio:
    """χ² of sizes against shares (any scale). An arm with share 0 must stay empty and is not counted."""
    counted = [(size, share) for size, share in zip(sizes, shares, strict=True) if share > 0]
    total, whole = sum(size for size, _ in counted), sum(share for _, share in counted)
    expected = [total * share / whole if share > 0 else 0.0 for share in shares]
    if len(counted) < 2 or not total:
        return SampleRatio(None, True, False, expected)
    statistic = sum((size - total * share / whole) ** 2 / (total * share / whole) for size, share in counted)
    p = float(special.chdtrc(len(counted) - 1, statistic))
    return SampleRatio(p, p >= _FAILS, p < _WARNS, expected)


def balance(treated: Moments, control: Moments, comparisons: int) -> Balance:
    """Covariate of an arm against the control's. It fails when p × comparisons < 0.001 (Bonferroni)."""
    effect = difference(treated, control)
    spread = float(np.sqrt((treated.variance + control.variance) / 2))
    fails = effect.p is not None and effect.p * comparisons < _FAILS
    return Balance(
        mean=treated.known_mean,
        control_mean=control.known_mean,
        standardised=effect.lift / spread if effect.lift is not None and 0 < spread < np.inf else None,
        p=effect.p,
        ok=not fails,
    )
