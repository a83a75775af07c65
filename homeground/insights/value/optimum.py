"""The top of a log-likelihood of positive parameters, by Newton's method from several starts, if there is one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from homeground.insights.value.purchases import Floats

Curve = Callable[[Floats], tuple[float, Floats, Floats]]  # Parameters → log-likelihood, gradient, second derivatives.
_BOUND = 12.0  # Of the logarithm of a parameter: one that runs there has no top inside.
_STEPS = 60
_LONGEST = 2.0  # Of a step, in logarithms.
_LEVEL = 1e-12  # What a further step would add to the mean log-likelihood, when the climb ends.
_SAME = 1e-7  # Two tops whose mean log-likelihoods differ by less are one.


@dataclass(frozen=True)
class Optimum:
    """What was found. converged: level there, falling away on every side, no parameter at its bound."""

    parameters: Floats
    errors: Floats  # Standard errors; NaN where it did not converge.
    log_likelihood: float
    converged: bool


@dataclass(frozen=True)
class _Place:
    """A point in logarithms of the parameters; heights are means over the observations."""

    logs: Floats
    height: float
    slope: Floats
    bend: Floats

    def step(self) -> Floats:
        """Newton's, uphill in every direction also where the surface is not yet a hill."""
        sizes, axes = np.linalg.eigh(-self.bend)
        move: Floats = axes @ ((axes.T @ self.slope) / np.maximum(np.abs(sizes), 1e-6))
        return move * min(1.0, _LONGEST / max(float(np.linalg.norm(move)), 1e-300))


def climb(curve: Curve, starts: Sequence[Sequence[float]], size: float) -> Optimum:
    """The highest of the tops reached from the starts, in turn until two of them agree. size: observations."""
    tops: list[tuple[_Place, bool]] = []
    for start in starts:
        tops.append(_top(curve, np.log(np.asarray(start, float)), size))
        reached = sorted((place.height for place, is_top in tops if is_top), reverse=True)
        if len(reached) > 1 and reached[0] - reached[1] < _SAME:
            break
    place, is_top = max(tops, key=lambda top: (top[1], top[0].height))
    errors = _errors(place, size) if is_top else np.full(len(place.logs), np.nan)
    return Optimum(np.exp(place.logs), errors, place.height * size, is_top)


def _top(curve: Curve, logs: Floats, size: float) -> tuple[_Place, bool]:
    """Where the climb from here ends, and whether that is a top."""
    here = _look(curve, logs, size)
    for _count in range(_STEPS):
        step = here.step()
        if abs(float(here.slope @ step)) < _LEVEL:
            return here, _is_top(here)
        if (there := _higher(curve, here, step, size)) is None:
            return here, abs(float(here.slope @ step)) < _SAME and _is_top(here)
        if _is_outside(here) and _is_outside(there):
            return there, False
        here = there
    return here, False


def _higher(curve: Curve, here: _Place, step: Floats, size: float) -> _Place | None:
    """The first place along the step, halved again and again, that lies higher; None where rounding hides it."""
    for halvings in range(30):
        there = _look(curve, np.clip(here.logs + step * 0.5**halvings, -_BOUND, _BOUND), size)
        if there.height > here.height:
            return there
    return None


def _look(curve: Curve, logs: Floats, size: float) -> _Place:
    parameters = np.exp(logs)
    height, slope, bend = curve(parameters)
    by_log = slope * parameters
    bends = bend * np.outer(parameters, parameters) + np.diag(by_log)
    if not (np.isfinite(height) and np.isfinite(bends).all()):
        return _Place(logs, -np.inf, np.zeros(len(logs)), np.zeros((len(logs), len(logs))))
    return _Place(logs, height / size, by_log / size, bends / size)


def _is_outside(place: _Place) -> bool:
    return bool((np.abs(place.logs) > _BOUND - 0.01).any())


def _is_top(place: _Place) -> bool:
    return not _is_outside(place) and bool(np.linalg.eigvalsh(-place.bend)[0] > 1e-9)


def _errors(place: _Place, size: float) -> Floats:
    """Standard errors of the parameters themselves, by the delta method."""
    spread: Floats = np.exp(place.logs) * np.sqrt(np.diag(np.linalg.inv(-place.bend)) / size)
    return spread
