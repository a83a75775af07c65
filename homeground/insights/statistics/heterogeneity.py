"""Does an effect differ between groups of people, more than chance makes it?"""

from collections.abc import Sequence

from scipy import special

from homeground.insights.statistics.effect import Effect


def heterogeneity_p(effects: Sequence[Effect]) -> float | None:
    """Cochran's Q over the groups: small when their effects differ. None with fewer than two usable groups."""
    usable = [
        (effect.lift, 1 / (effect.se * effect.se))
        for effect in effects
        if effect.lift is not None and effect.se and effect.se * effect.se > 0
    ]
    if len(usable) < 2:
        return None
    weight = sum(each for _, each in usable)
    centre = sum(lift * each for lift, each in usable) / weight
    statistic = sum(each * (lift - centre) ** 2 for lift, each in usable)
    return float(special.chdtrc(len(usable) - 1, statistic))
