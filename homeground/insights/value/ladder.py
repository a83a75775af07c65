"""复购阶梯: of those who bought n times, how many went on to buy again, and how soon."""

from dataclasses import dataclass

import numpy as np

from homeground.insights.value.purchases import Purchases

RUNGS = 5
AGE_DAYS = 90  # Whoever bought for the n-th time later than this has had too little time to count.


@dataclass(frozen=True)
class Rung:
    """people: those whose n-th purchase lies AGE_DAYS back or more; share of them who bought again by now.

    middle_days: the median gap of those who did, None for nobody.
    """

    number: int
    people: int
    share: float
    middle_days: float | None


def ladder_of(purchases: Purchases, until: int) -> list[Rung]:
    """The first rungs, as far as there are people on them."""
    rungs = []
    for number in range(1, RUNGS + 1):
        reached = np.flatnonzero(purchases.counts >= number)
        at = purchases.offsets[:-1][reached] + number - 1
        old = purchases.days[at] <= until - AGE_DAYS
        reached, at = reached[old], at[old]
        if not len(reached):
            break
        again = purchases.counts[reached] > number
        gaps = purchases.days[at[again] + 1] - purchases.days[at[again]]
        middle = float(np.median(gaps)) if len(gaps) else None
        rungs.append(Rung(number, len(reached), float(again.mean()), middle))
    return rungs
