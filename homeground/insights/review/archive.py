"""A trial as JSON and back: what is kept of a review is enough to lay it out again in any language."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from homeground.insights.review.trial import Note, Outcome, Slice, Trial
from homeground.insights.statistics import Moments


def packed(trial: Trial) -> dict[str, Any]:
    """The trial in JSON's types."""
    return {
        "arms": list(trial.arms),
        "sizes": list(trial.sizes),
        "shares": list(trial.shares),
        "primary": trial.primary,
        "outcomes": [vars(outcome) for outcome in trial.outcomes],
        "moments": {name: [_packed(arm) for arm in arms] for name, arms in trial.moments.items()},
        "covariates": {name: list(each) for name, each in trial.covariates.items()},
        "baseline": {name: [_packed(arm) for arm in arms] for name, arms in trial.baseline.items()},
        "slices": [_packed_slice(each) for each in trial.slices],
        "missing": {name: list(counts) for name, counts in trial.missing.items()},
        "in_two_arms": trial.in_two_arms,
        "notes": [{"code": note.code, "values": dict(note.values)} for note in trial.notes],
    }


def unpacked(kept: Mapping[str, Any]) -> Trial:
    """The trial that packed() kept."""
    return Trial(
        arms=kept["arms"],
        sizes=kept["sizes"],
        shares=kept["shares"],
        primary=kept["primary"],
        outcomes=[Outcome(**each) for each in kept["outcomes"]],
        moments={name: [_unpacked(arm) for arm in arms] for name, arms in kept["moments"].items()},
        covariates=kept["covariates"],
        baseline={name: [_unpacked(arm) for arm in arms] for name, arms in kept["baseline"].items()},
        slices=[_unpacked_slice(each) for each in kept["slices"]],
        missing=kept["missing"],
        in_two_arms=kept["in_two_arms"],
        notes=[Note(each["code"], each["values"]) for each in kept["notes"]],
    )


def _packed(arm: Moments) -> dict[str, Any]:
    return {
        "n": arm.n,
        "mean": arm.mean,
        "variance": arm.variance,
        "is_binary": arm.is_binary,
        "covariate_means": arm.covariate_means.tolist(),
        "covariate_variance": arm.covariate_variance.tolist(),
        "covariance": arm.covariance.tolist(),
    }


def _unpacked(kept: Mapping[str, Any]) -> Moments:
    width = len(kept["covariate_means"])
    return Moments(
        n=kept["n"],
        mean=kept["mean"],
        variance=kept["variance"],
        is_binary=kept["is_binary"],
        covariate_means=np.array(kept["covariate_means"], float),
        covariate_variance=np.array(kept["covariate_variance"], float).reshape(width, width),
        covariance=np.array(kept["covariance"], float),
    )


def _packed_slice(part: Slice) -> dict[str, Any]:
    moments = {name: [[_packed(arm) for arm in arms] for arms in levels] for name, levels in part.moments.items()}
    return {"column": part.column, "is_planned": part.is_planned, "levels": list(part.levels), "moments": moments}


def _unpacked_slice(kept: Mapping[str, Any]) -> Slice:
    moments = {name: [[_unpacked(arm) for arm in arms] for arms in levels] for name, levels in kept["moments"].items()}
    return Slice(kept["column"], kept["is_planned"], kept["levels"], moments)
