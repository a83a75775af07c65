"""CUPED: take out of an outcome what was known of each person before.

θ = Cov(Y, X) / Var(X) over all arms together (Deng et al., 2013); with several covariates θ is the vector of the least
squares of Y on them, so one covariate is the special case. The lift moves by θ × the chance difference of X; the
interval shrinks by what X explains. X must be from before the assignment: then the adjustment cannot invent an effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from homeground.insights.statistics.moments import Array, Moments, pooled


@dataclass(frozen=True)
class Adjustment:
    """The arms after the adjustment, in the given order, without covariates."""

    arms: list[Moments]
    theta: list[float]  # One a covariate, in the outcome's unit by the covariate's.
    explained: float  # Share of the outcome's variance that is gone, 0 … 1.


def adjusted(arms: Sequence[Moments]) -> Adjustment | None:
    """The arms with their covariates taken out; None when there are no covariates or none of them varies."""
    total = pooled(arms)
    theta = _theta(total)
    if theta is None:
        return None
    after = [_without(arm, theta, total.covariate_means) for arm in arms]
    left = pooled(after).variance
    explained = 1 - left / total.variance if total.variance > 0 else 0.0
    return Adjustment(after, [float(value) for value in theta], float(np.clip(explained, 0.0, 1.0)))


def _theta(total: Moments) -> Array | None:
    scale = np.sqrt(np.diag(total.covariate_variance))
    if not np.isfinite(scale).all() or not np.isfinite(total.covariance).all() or not (scale > 0).any():
        return None
    unit = np.where(scale > 0, scale, 1.0)
    # In units of their own spread, or one big column would hide the others; pinv bears columns that repeat each other.
    correlation = total.covariate_variance / np.outer(unit, unit)
    theta: Array = np.linalg.pinv(correlation, rcond=1e-10, hermitian=True) @ (total.covariance / unit) / unit
    return theta


def _without(arm: Moments, theta: Array, centre: Array) -> Moments:
    variance = arm.variance - 2 * theta @ arm.covariance + theta @ arm.covariate_variance @ theta
    mean = arm.mean - theta @ (arm.covariate_means - centre) if arm.n else 0.0
    return Moments(arm.n, float(mean), max(float(variance), 0.0))
