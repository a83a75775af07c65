"""From a campaign's people to a trial: treated against the campaign's holdout, as they were assigned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from homeground.insights.review.trial import Note, Outcome, Slice, Trial
from homeground.insights.statistics import Moments, moments_of
from homeground.journeys.models import Arm, Campaign

# What is judged of every campaign; gain first, harm beside it (M2).
OUTCOMES = (("ordered", "rate", False), ("orders", "number", False), ("net_spend", "money", False))
HARM = (("opted_out", "rate", True), ("refused", "rate", True))
_HISTORY = {"ordered": "orders_before", "orders": "orders_before", "net_spend": "net_spend_before"}
RELATIONS = ("none", "one_way", "two_way", "many_way")
BOUGHT = {"0": (0, 0), "1": (1, 1), "2+": (2, 10**9)}


@dataclass(frozen=True)
class Sides:
    """Who is compared with whom."""

    control: str
    shares: tuple[float, float]  # Control, treated.


def sides(campaign: Campaign, present: Sequence[str]) -> Sides | None:
    """The campaign's own holdout is the control; without one, the global holdout; None without either.

    People of the global holdout get no promotion at all, so beside a holdout of the campaign's own they are counted
    but not compared: they would answer another question, what all promotions together do.
    """
    treated = 10_000 - campaign.holdout_bp
    if Arm.TREATED not in present:
        return None
    if Arm.HOLDOUT in present or campaign.holdout_bp:
        return Sides(Arm.HOLDOUT.value, (campaign.holdout_bp, treated))
    if Arm.GLOBAL_HOLDOUT in present and campaign.global_bp:
        return Sides(Arm.GLOBAL_HOLDOUT.value, (campaign.global_bp, 10_000 - campaign.global_bp))
    return None


def trial(campaign: Campaign, people: pl.DataFrame, compared: Sides, currency: str) -> Trial:
    """The trial of a campaign: rates, orders and money after the freeze, with history for CUPED and two splits."""
    notes = []
    torn = people.filter(pl.col("arms") > 1).height
    if torn:
        notes.append(Note("two_arms", {"count": torn}))
    clean = people.filter(pl.col("arms") == 1)
    arms = [compared.control, Arm.TREATED.value]
    parts = [clean.filter(pl.col("arm") == arm) for arm in arms]
    outcomes = _outcomes(campaign, currency)
    return Trial(
        arms=arms,
        sizes=[part.height for part in parts],
        shares=compared.shares,
        primary=campaign.primary_outcome,
        outcomes=outcomes,
        moments={outcome.name: [_moments(part, outcome) for part in parts] for outcome in outcomes},
        covariates={name: [column] for name, column in _HISTORY.items()},
        baseline={
            name: [moments_of(_column(part, name)) for part in parts] for name in dict.fromkeys(_HISTORY.values())
        },
        slices=[_by_relation(parts, outcomes[:1]), _by_history(parts, outcomes[:1])],
        in_two_arms=torn,
        notes=notes,
    )


def _outcomes(campaign: Campaign, currency: str) -> list[Outcome]:
    made = [Outcome(name, kind, is_harmful=harm, currency=currency) for name, kind, harm in OUTCOMES + HARM]
    return sorted(made, key=lambda outcome: outcome.name != campaign.primary_outcome)


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


def _slice(column: str, bands: dict[str, pl.Expr], parts: Sequence[pl.DataFrame], outcomes: Sequence[Outcome]) -> Slice:
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
    """For the control and the treated: how many had ordered by the end of each day since the freeze."""
    clean = people.filter(pl.col("arms") == 1)
    result = []
    for arm in (compared.control, Arm.TREATED.value):
        first = clean.filter(pl.col("arm") == arm)["first_day"].to_numpy()
        counts = np.bincount(np.clip(first[first >= 0], 0, days - 1), minlength=days)
        result.append([int(count) for count in counts.cumsum()])
    return result
