"""From people to a trial: treated against the holdout, as they were assigned; of a campaign or of a journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from homeground.insights.review.trial import Note, Outcome, Slice, Trial
from homeground.insights.statistics import Moments, moments_of
from homeground.journeys.models import Arm

# What is judged every time; gain first, harm beside it (M2).
OUTCOMES = (("ordered", "rate", False), ("orders", "number", False), ("net_spend", "money", False))
HARM = (("opted_out", "rate", True), ("refused", "rate", True))
_HISTORY = {"ordered": "orders_before", "orders": "orders_before", "net_spend": "net_spend_before"}
RELATIONS = ("none", "one_way", "two_way", "many_way")
BOUGHT = {"0": (0, 0), "1": (1, 1), "2+": (2, 10**9)}


Bands = Mapping[str, pl.Expr]  # Level → who is in it.


@dataclass(frozen=True)
class Design:
    """What was fixed before anybody's result: shares in basis points, and the outcome that is judged."""

    holdout_bp: int
    global_bp: int
    primary_outcome: str


@dataclass(frozen=True)
class Sides:
    """Who is compared with whom."""

    control: str
    shares: tuple[float, float]  # Control, treated.


def sides(design: Design, present: Sequence[str]) -> Sides | None:
    """The own holdout is the control; without one, the global holdout; None without either.

    People of the global holdout get no promotion at all, so beside an own holdout they are counted
    but not compared: they would answer another question, what all promotions together do.
    """
    treated = 10_000 - design.holdout_bp
    if Arm.TREATED not in present:
        return None
    if Arm.HOLDOUT in present or design.holdout_bp:
        return Sides(Arm.HOLDOUT.value, (design.holdout_bp, treated))
    if Arm.GLOBAL_HOLDOUT in present and design.global_bp:
        return Sides(Arm.GLOBAL_HOLDOUT.value, (design.global_bp, 10_000 - design.global_bp))
    return None


def trial(
    design: Design, people: pl.DataFrame, compared: Sides, currency: str, more: Mapping[str, Bands] | None = None
) -> Trial:
    """Rates, orders and money since the start, with history for CUPED; split by relation, history, and `more`."""
    clean = people.filter(pl.col("arms") == 1)
    arms = [compared.control, Arm.TREATED.value]
    parts = [clean.filter(pl.col("arm") == arm) for arm in arms]
    torn = people.height - clean.height
    made = against(design, arms, compared.shares, parts, currency)
    first = made.outcomes[:1]
    slices = [_by_relation(parts, first), _by_history(parts, first)]
    slices += [_slice(column, bands, parts, first) for column, bands in (more or {}).items()]
    notes = [Note("two_arms", {"count": torn})] if torn else []
    return replace(made, slices=slices, in_two_arms=torn, notes=notes)


def against(
    design: Design, arms: Sequence[str], shares: Sequence[float], parts: Sequence[pl.DataFrame], currency: str
) -> Trial:
    """Arms with the people of each, the control first."""
    outcomes = _outcomes(design, currency)
    return Trial(
        arms=arms,
        sizes=[part.height for part in parts],
        shares=shares,
        primary=design.primary_outcome,
        outcomes=outcomes,
        moments={outcome.name: [_moments(part, outcome) for part in parts] for outcome in outcomes},
        covariates={name: [column] for name, column in _HISTORY.items()},
        baseline={
            name: [moments_of(_column(part, name)) for part in parts] for name in dict.fromkeys(_HISTORY.values())
        },
    )


def _outcomes(design: Design, currency: str) -> list[Outcome]:
    made = [Outcome(name, kind, is_harmful=harm, currency=currency) for name, kind, harm in OUTCOMES + HARM]
    return sorted(made, key=lambda outcome: outcome.name != design.primary_outcome)


def _moments(part: pl.DataFrame, outcome: Outcome) -> Moments:
    history = _HISTORY.get(outcome.name)
    covariates = part.select(history).to_numpy() if history else None
    return moments_of(_column(part, outcome.name), covariates, is_binary=outcome.kind == "rate")


def _column(part: pl.DataFrame, name: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return part[name].to_numpy()


def _by_relation(parts: Sequence[pl.DataFrame], outcomes: Sequence[Outcome]) -> Slice:
    return _slice("relation", {level: pl.col("relation") == level for level in RELATIONS}, parts, outcomes)


def _by_history(parts: Sequence[pl.DataFrame], outcomes: Sequence[Outcome]) -> Slice:
    bands = {level: pl.col("orders_before").is_between(*ends) for level, ends in BOUGHT.items()}
    return _slice("orders_before", bands, parts, outcomes)


def _slice(column: str, bands: Bands, parts: Sequence[pl.DataFrame], outcomes: Sequence[Outcome]) -> Slice:
    """Levels without anybody are left out."""
    split = {level: [part.filter(band) for part in parts] for level, band in bands.items()}
    split = {level: cut for level, cut in split.items() if any(part.height for part in cut)}
    moments = {
        outcome.name: [
            [moments_of(_column(part, outcome.name), is_binary=outcome.kind == "rate") for part in cut]
            for cut in split.values()
        ]
        for outcome in outcomes
    }
    return Slice(column, True, list(split), moments)


def daily(people: pl.DataFrame, compared: Sides, days: int) -> list[list[int]]:
    """For the control and the treated: how many had ordered by the end of each day since the start."""
    clean = people.filter(pl.col("arms") == 1)
    result = []
    for arm in (compared.control, Arm.TREATED.value):
        first = clean.filter(pl.col("arm") == arm)["first_day"].to_numpy()
        counts = np.bincount(np.clip(first[first >= 0], 0, days - 1), minlength=days)
        result.append([int(count) for count in counts.cumsum()])
    return result
