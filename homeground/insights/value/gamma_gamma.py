"""Gamma-Gamma: what a purchase is worth, for customers of whom only a few were seen.

A customer's purchases are gamma (p, ν) and ν is gamma (q, v) over customers, whatever their number: that value and
number do not go together is checked, not assumed. Sources: Fader, Hardie & Lee, RFM and CLV, Journal of Marketing
Research 42 (2005); Hardie, note 025.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, zeta

from homeground.insights.value.optimum import Optimum, climb
from homeground.insights.value.purchases import Floats, Summary

INDEPENDENT = 0.3  # A correlation of number and value beyond which the model's assumption does not hold.


@dataclass(frozen=True)
class GammaGamma:
    """The three parameters. v is in units of money."""

    p: float
    q: float
    v: float

    def expected(self, x: Floats, value: Floats) -> Floats:
        """Mean value of this customer's purchases to come: her own mean drawn towards that of all, the more the fewer.

        x: repeat purchases; value: their mean (not read where x is 0). With q at most 1 there is no mean of all: NaN.
        """
        if self.q <= 1:
            return np.full(len(x), np.nan)
        seen = np.where(x > 0, np.nan_to_num(value), 0.0)
        drawn: Floats = self.p * (self.v + x * seen) / (self.p * x + self.q - 1)
        return drawn


@dataclass(frozen=True)
class Fit:
    """A fitted model and how the fit went. correlation: of number and value over the customers it was fitted on."""

    model: GammaGamma
    optimum: Optimum
    customers: int
    correlation: float

    @property
    def is_independent(self) -> bool:
        """Whether number and value go together so little that the model may be used."""
        return abs(self.correlation) <= INDEPENDENT


def fit(summary: Summary) -> Fit | None:
    """The most likely parameters, from customers with a repeat purchase of a value above zero; None for too few."""
    usable = (summary.x > 0) & (np.nan_to_num(summary.value) > 0)
    x, value = summary.x[usable], summary.value[usable]
    if len(x) < 3 or np.ptp(value) == 0:
        return None
    scale = float(value.mean())
    starts = [(1.0, 2.0, scale), (5.0, 4.0, scale / 2), (2.0, 1.5, 2 * scale)]
    optimum = climb(lambda parameters: curve(parameters, x, value), starts, float(len(x)))
    correlation = float(np.corrcoef(x, value)[0, 1]) if np.ptp(x) else 0.0
    return Fit(GammaGamma(*(float(each) for each in optimum.parameters)), optimum, len(x), correlation)


def curve(parameters: Floats, x: Floats, value: Floats) -> tuple[float, Floats, Floats]:
    """The log-likelihood of mean values at (p, q, v), its gradient and its second derivatives."""
    p, q, v = parameters
    k, total = p * x, v + x * value
    height = gammaln(k + q) - gammaln(k) - gammaln(q) + q * np.log(v) + (k - 1) * np.log(value) + k * np.log(x)
    height -= (k + q) * np.log(total)
    both = digamma(k + q)
    by_p = x * (both - digamma(k) + np.log(x * value / total))
    by_q = both - digamma(q) + np.log(v / total)
    by_v = q / v - (k + q) / total
    bend = _bend(x, q, v, k, total)
    return float(height.sum()), np.array([by_p.sum(), by_q.sum(), by_v.sum()]), bend


def _bend(x: Floats, q: float, v: float, k: Floats, total: Floats) -> Floats:
    both = zeta(2, k + q)
    pp, pq, pv = (x**2 * (both - zeta(2, k))).sum(), (x * both).sum(), -(x / total).sum()
    qq, qv = (both - zeta(2, q)).sum(), (1 / v - 1 / total).sum()
    vv = ((k + q) / total**2 - q / v**2).sum()
    return np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])
