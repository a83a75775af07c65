"""Groups held out whole beside groups that were meant to get it: a group is one, not its people.

People of a group hear the same talk and buy alike: counted one by one they would show effects that are chance. So each
group gives one number, the mean of its customers, and these are compared by Welch's t; by assignment: a group that was
left out or not confirmed counts as meant. Customers who are in groups of both kinds are left out.
"""

from datetime import datetime
from typing import Any

import polars as pl

from homeground.insights.models import Review
from homeground.insights.queries.people import SQL, copied, done
from homeground.insights.statistics import difference
from homeground.insights.statistics.moments import Moments, moments_of
from homeground.journeys.models import Arm, Campaign, Outcome

_PLACES = (SQL / "group_people.sql").read_text()
_FEWEST = 2  # Groups on a side: of one, nobody knows how much groups differ anyway.


def group_trial(campaign: Campaign, until: datetime, currency: str) -> dict[str, Any]:
    """The comparison of groups as it is kept with a review; without figures when one side has too few."""
    places = copied(_PLACES, {"chat_id": pl.Int64, "arm": pl.String, "person": pl.Int64}, campaign_id=campaign.pk)
    both = pl.col("arm").n_unique().over("person") > 1
    mixed = places.filter(both)["person"].n_unique()
    groups = _by_group(campaign, places.filter(~both), until, currency)
    held, meant = (
        moments_of(groups.filter(pl.col("arm") == arm)["mean"].to_numpy()) for arm in (Arm.HOLDOUT, Arm.TREATED)
    )
    sizes = {"held_out": held.n, "treated": meant.n, "mixed": mixed}
    return sizes if min(held.n, meant.n) < _FEWEST else sizes | _compared(meant, held)


def verdict(trial: dict[str, Any]) -> str:
    """What the comparison of the primary outcome says."""
    if "lift" not in trial:
        return Review.Verdict.NO_CONTROL.value
    low, high = trial["ci_low"], trial["ci_high"]
    if low is None or high is None or low <= 0 <= high:
        return Review.Verdict.NOT_SHOWN.value
    return Review.Verdict.WORKS.value if low > 0 else Review.Verdict.HARMS.value


def _by_group(campaign: Campaign, places: pl.DataFrame, until: datetime, currency: str) -> pl.DataFrame:
    """One row a group with known customers: its arm, and the mean of its customers' primary outcome."""
    assert campaign.frozen_at
    did = done(campaign.frozen_at, until, currency).select("person", "orders", "net_spend")
    rows = places.join(did, on="person", how="left").with_columns(pl.col("orders", "net_spend").fill_null(0.0))
    ordered = (pl.col("orders") > 0).cast(pl.Float64)
    outcome = ordered if campaign.primary_outcome == Outcome.ORDERED else pl.col(campaign.primary_outcome)
    return rows.group_by("chat_id", "arm").agg(outcome.mean().alias("mean"))


def _compared(meant: Moments, held: Moments) -> dict[str, Any]:
    effect = difference(meant, held)
    kept = {name: getattr(effect, name) for name in ("lift", "ci_low", "ci_high", "p")}
    return kept | {"mean": meant.mean, "base": held.mean}
