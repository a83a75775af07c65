"""BG/NBD: how often customers buy and when they stop, from their order days alone.

While she is a customer, purchases come at a rate λ, gamma (r, α) over customers; after each one she leaves with a
chance p, beta (a, b) over customers. Sources: Fader, Hardie & Lee, "Counting Your Customers" the Easy Way, Marketing
Science 24 (2005); Hardie, note 027 (the likelihood without overflow). Times are in the unit the model was fitted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import digamma, expit, gammaln, hyp2f1, zeta

from homeground.insights.value.optimum import Optimum, climb
from homeground.insights.value.purchases import Floats, Summary

_NEAR = 1e-6  # How near a may come to 1, where the expectation is a limit.
_STAYING = (1e-9, 2.0)  # a and b of a brand whose customers do not leave.
_AS_LIKELY = 0.01  # In log-likelihood.


@dataclass(frozen=True)
class BgNbd:
    """The four parameters. alpha is in units of time."""

    r: float
    alpha: float
    a: float
    b: float

    def p_alive(self, x: Floats, t_x: Floats, age: Floats) -> Floats:
        """The chance of still being a customer; 1 for those with one purchase, who had no chance to leave."""
        odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        odds = odds + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        alive: Floats = np.where(x > 0, expit(-odds), 1.0)
        return alive

    def expected(self, t: Floats | float) -> Floats:
        """Purchases that a new customer makes in a time t after the first."""
        t = np.asarray(t, float)
        return self._growth(np.zeros_like(t), t / (self.alpha + t))

    def expected_from(self, x: Floats, t_x: Floats, age: Floats, t: Floats | float) -> Floats:
        """Purchases that a customer of this history makes in the time t that comes."""
        grown = self._growth(x, t / (self.alpha + age + t))
        return grown * self.p_alive(x, t_x, age)

    def next_after(self, x: Floats, t_x: Floats, share: float) -> Floats:
        """The time after the last purchase by which `share` of such customers have bought again, if they stay.

        Right after a purchase at t_x the rate of one who stays is gamma (r + x, α + t_x), so the wait is a Lomax
        variable. Counted from the last purchase, so that the day stands still until she buys.
        """
        waits: Floats = (self.alpha + t_x) * np.expm1(-np.log1p(-share) / (self.r + x))
        return waits

    def _growth(self, x: Floats, z: Floats) -> Floats:
        # Euler's transformation of the paper's 2F1(r + x, b + x; c; z): its parameters stay small however large x is.
        a = self.a if abs(self.a - 1) > _NEAR else 1 + _NEAR
        c = a + self.b + x - 1
        c = np.where(np.abs(c) > _NEAR, c, _NEAR)
        series = hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        grown: Floats = c / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        return grown


@dataclass(frozen=True)
class Fit:
    """A fitted model and how the fit went.

    nobody_leaves: the data show no leaving, so the top lies at its limit a = 0; r and alpha are what was fitted (NBD).
    """

    model: BgNbd
    optimum: Optimum
    nobody_leaves: bool = False


def fit(summary: Summary) -> Fit:
    """The most likely parameters. Not converged where the data say too little, as with no repeat purchase at all."""
    likelihood = Likelihood(summary)
    scale = float(summary.age.mean()) or 1.0
    starts = [(0.5, 0.2 * scale, 1.0, 2.0), (1.0, scale, 0.3, 1.0), (5.0, scale, 1.0, 8.0)]
    optimum = climb(likelihood.curve, starts, float(len(summary.x)))
    if not optimum.converged and (stayers := _stayers(likelihood, starts, optimum)):
        return stayers
    return Fit(_model(optimum.parameters), optimum)


def _stayers(likelihood: "Likelihood", starts: Sequence[Sequence[float]], free: Optimum) -> Fit | None:
    """The fit without leaving, where it is as likely as the one that found no top."""

    def curve(parameters: Floats) -> tuple[float, Floats, Floats]:
        height, slope, bend = likelihood.curve(np.concatenate([parameters, _STAYING]))
        return height, slope[:2], bend[:2, :2]

    held = climb(curve, [start[:2] for start in starts], likelihood.size)
    if not held.converged or held.log_likelihood < free.log_likelihood - _AS_LIKELY:
        return None
    parameters = np.concatenate([held.parameters, _STAYING])
    optimum = replace(held, parameters=parameters, errors=np.concatenate([held.errors, [np.nan, np.nan]]))
    return Fit(_model(parameters), optimum, nobody_leaves=True)


def _model(parameters: Floats) -> BgNbd:
    return BgNbd(*(float(each) for each in parameters))


class Likelihood:
    """The log-likelihood of histories, its gradient and its second derivatives by (r, alpha, a, b).

    One-time customers of the same age are one row with a weight, and the special functions are asked once for each x.
    Repeat customers stay rows of their own: the 9,451 of CDNOW have 8,595 different histories.
    """

    def __init__(self, summary: Summary) -> None:
        again = summary.x > 0
        self._once_age, once = np.unique(summary.age[~again], return_counts=True)
        self._once = once.astype(float)
        self._x = summary.x[again]
        self._t_x, self._age = summary.t_x[again], summary.age[again]
        counts = np.bincount(self._x.astype(np.int64), minlength=1)
        kinds = np.flatnonzero(counts)
        self._kinds, self._of_kind = kinds.astype(float), counts[kinds].astype(float)
        self._kind = (np.cumsum(counts > 0) - 1)[self._x.astype(np.int64)]
        self.size = float(len(summary.x))

    def curve(self, parameters: Floats) -> tuple[float, Floats, Floats]:
        """The log-likelihood there, its gradient and its second derivatives."""
        height, slope, bend = self._by_x(*parameters)
        for part in (self._by_once(*parameters), self._by_again(*parameters)):
            height, slope, bend = height + part[0], slope + part[1], bend + part[2]
        return height, slope, bend

    def _by_x(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, Floats]:
        """What depends on x alone, and α to the power of r of everyone."""
        x, many = self._kinds, self._of_kind
        height = gammaln(r + x) - gammaln(r) + gammaln(b + x) - gammaln(b) + gammaln(a + b) - gammaln(a + b + x)
        rate, by_b = digamma(a + b) - digamma(a + b + x), digamma(b + x) - digamma(b)
        both = _trigamma(a + b) - _trigamma(a + b + x)
        slope = np.array(
            [
                _dot(many, digamma(r + x) - digamma(r)) + self.size * np.log(alpha),
                self.size * r / alpha,
                _dot(many, rate),
                _dot(many, rate + by_b),
            ]
        )
        bend = np.zeros((4, 4))
        bend[0, 0] = _dot(many, _trigamma(r + x) - _trigamma(r))
        bend[0, 1] = bend[1, 0] = self.size / alpha
        bend[1, 1] = -self.size * r / alpha**2
        bend[2, 2] = bend[2, 3] = bend[3, 2] = _dot(many, both)
        bend[3, 3] = _dot(many, both + _trigamma(b + x) - _trigamma(b))
        return _dot(many, height) + float(self.size * r * np.log(alpha)), slope, bend

    def _by_once(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, Floats]:
        """One-time customers: nothing bought for the whole of their age."""
        logs, inverse = np.log(alpha + self._once_age), 1 / (alpha + self._once_age)
        total, shares = _dot(self._once, logs), _dot(self._once, inverse)
        bend = np.zeros((4, 4))
        bend[0, 1] = bend[1, 0] = -shares
        bend[1, 1] = r * _dot(self._once, inverse**2)
        return float(-r * total), np.array([-total, -r * shares, 0.0, 0.0]), bend

    def _by_again(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats, Floats]:
        """Repeat customers: silent since t_x while here, or gone at t_x, the second `odds` as likely as the first."""
        shape, later = r + self._x, 1 / (b + self._kinds - 1)
        to_age, to_t_x = alpha + self._age, alpha + self._t_x
        log_age, inverse_age, inverse_t_x = np.log(to_age), 1 / to_age, 1 / to_t_x
        wait = np.log(to_age / to_t_x)
        odds = (np.log(a) + np.log(later))[self._kind] + shape * wait
        stays, gone = expit(-odds), expit(odds)
        height = np.logaddexp(0, odds).sum() - _dot(shape, log_age)
        closer = inverse_age - inverse_t_x
        by_odds = np.stack([wait, shape * closer, np.full(len(wait), 1 / a), -later[self._kind]])
        slope = np.einsum("ij,j->i", by_odds, gone)
        slope[0] -= log_age.sum()
        slope[1] -= _dot(shape, inverse_age)
        bend = np.einsum("ik,jk->ij", by_odds * (gone * stays), by_odds)
        bend[0, 1] += _dot(gone, closer) - inverse_age.sum()
        bend[1, 0] = bend[0, 1]
        bend[1, 1] += _dot(shape, inverse_age**2 - gone * closer * (inverse_age + inverse_t_x))
        bend[2, 2] -= gone.sum() / a**2
        bend[3, 3] += _dot(gone, by_odds[3] ** 2)
        return float(height), slope, bend


def _trigamma(x: Floats | float) -> Floats:
    curve: Floats = zeta(2, x)
    return curve


def _dot(one: Floats, other: Floats) -> float:
    # Not @: on a busy machine the threads that BLAS starts for it waited for each other, 7 ms → 80 ms an evaluation.
    return float(np.einsum("i,i", one, other))
