"""The statistics of a review: pure numpy, no Django, no stores. What cannot be known is None, never NaN."""

from homeground.insights.statistics.adjustment import Adjustment, adjusted
from homeground.insights.statistics.checks import Balance, SampleRatio, balance, sample_ratio
from homeground.insights.statistics.effect import ALPHA, NO_EFFECT, Effect, difference
from homeground.insights.statistics.heterogeneity import heterogeneity_p
from homeground.insights.statistics.moments import Moments, moments_of, pooled
from homeground.insights.statistics.multiple import benjamini_hochberg, holm
from homeground.insights.statistics.power import (
    detectable_effect,
    detectable_rate,
    needed_audience,
    needed_per_arm,
)

__all__ = [
    "ALPHA",
    "NO_EFFECT",
    "Adjustment",
    "Balance",
    "Effect",
    "Moments",
    "SampleRatio",
    "adjusted",
    "balance",
    "benjamini_hochberg",
    "detectable_effect",
    "detectable_rate",
    "difference",
    "heterogeneity_p",
    "holm",
    "moments_of",
    "needed_audience",
    "needed_per_arm",
    "pooled",
    "sample_ratio",
]
