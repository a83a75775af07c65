"""Sufficient statistics: sizes, means and covariances are all a review needs, from a file or from ClickHouse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _none() -> Array:
    return np.empty(0)


@dataclass(frozen=True)
class Moments:
    """One arm's outcome, and the covariates of the same people.

    variance and covariances divide by n - 1 and are 0 when n < 2. is_binary: every value is 0 or 1.
    """

    n: int
    mean: float
    variance: float
    is_binary: bool = False
    covariate_means: Array = field(default_factory=_none)  # k
    covariate_variance: Array = field(default_factory=lambda: np.empty((0, 0)))  # k × k
    covariance: Array = field(default_factory=_none)  # k: each covariate with the outcome.

    @property
    def known_mean(self) -> float | None:
        """The mean; None without people, or past what a float holds."""
        return self.mean if self.n and math.isfinite(self.mean) else None


def moments_of(outcome: Array, covariates: Array | None = None, *, is_binary: bool = False) -> Moments:
    """Moments of one arm. outcome: n values, none missing; covariates: n × k, none missing."""
    rows = len(outcome)
    known = np.empty((rows, 0)) if covariates is None else covariates
    with np.errstate(all="ignore"):  # Overflow gives inf, and inf becomes None where it is shown.
        matrix = _covariance(np.column_stack([outcome, known]))
        return Moments(
            n=rows,
            mean=float(outcome.mean()) if rows else 0.0,
            variance=float(matrix[0, 0]),
            is_binary=is_binary,
            covariate_means=known.mean(axis=0) if rows else np.zeros(known.shape[1]),
            covariate_variance=matrix[1:, 1:],
            covariance=matrix[1:, 0],
        )


def pooled(arms: Sequence[Moments]) -> Moments:
    """The moments of all arms together, as if their rows stood in one list."""
    present = [arm for arm in arms if arm.n] or list(arms[:1])
    sizes = np.array([arm.n for arm in present], dtype=float)
    means = np.array([[arm.mean, *arm.covariate_means] for arm in present])
    centre = np.average(means, axis=0, weights=sizes) if sizes.sum() else means[0]
    away = means - centre
    squares = sum((_matrix(arm) * max(arm.n - 1, 0) for arm in present), start=np.zeros((len(centre), len(centre))))
    matrix = (squares + (away * sizes[:, None]).T @ away) / max(sizes.sum() - 1, 1)
    return Moments(
        n=int(sizes.sum()),
        mean=float(centre[0]),
        variance=float(matrix[0, 0]),
        is_binary=all(arm.is_binary for arm in present),
        covariate_means=centre[1:],
        covariate_variance=matrix[1:, 1:],
        covariance=matrix[1:, 0],
    )


def _covariance(columns: Array) -> Array:
    away = columns - columns.mean(axis=0) if len(columns) else columns
    result: Array = away.T @ away / max(len(columns) - 1, 1)
    return result


def _matrix(arm: Moments) -> Array:
    size = 1 + len(arm.covariate_means)
    matrix = np.empty((size, size))
    matrix[0, 0] = arm.variance
    matrix[1:, 0] = matrix[0, 1:] = arm.covariance
    matrix[1:, 1:] = arm.covariate_variance
    return matrix
