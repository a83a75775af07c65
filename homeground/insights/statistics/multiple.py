"""Many comparisons at once: p-values that keep their promise. None stays None and is not counted."""

from collections.abc import Sequence


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p: the chance of even one false alarm in the family stays below alpha."""
    ranked = _ranked(values)
    result: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, (p, place) in enumerate(ranked):
        highest = max(highest, min(p * (len(ranked) - rank), 1.0))
        result[place] = highest
    return result


def benjamini_hochberg(values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p: of what is called found, the expected share of false alarms stays below alpha."""
    ranked = _ranked(values)
    result: list[float | None] = [None] * len(values)
    lowest = 1.0
    for rank, (p, place) in reversed(list(enumerate(ranked, start=1))):
        lowest = min(lowest, p * len(ranked) / rank)
        result[place] = lowest
    return result


def _ranked(values: Sequence[float | None]) -> list[tuple[float, int]]:
    return sorted((p, place) for place, p in enumerate(values) if p is not None)
