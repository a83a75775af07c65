"""From a trial to what it says: effects, checks, verdicts. Nothing here knows where the numbers came from.

The verdict of one arm and outcome: `works` or `harms` when Holm's p over all arms × outcomes is below 0.05, by the
lift's sign (turned round for a harmful outcome), else `not shown`. It is read from the raw effect, so that nobody can
pick the kinder of raw and adjusted afterwards. A campaign's primary outcome was named before the start and is judged by
itself; all others together. Of several arms: one that harms makes the outcome `harms`; else one
that works makes it `works`. When sizes do not fit the designed shares the verdict is INVALID: the
numbers stay for whoever must find out what went wrong, but no sentence and no page shows a lift.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from homeground.insights.review.trial import Note, Outcome, Slice, Trial
from homeground.insights.statistics import (
    ALPHA,
    NO_EFFECT,
    Balance,
    Effect,
    Moments,
    SampleRatio,
    adjusted,
    balance,
    benjamini_hochberg,
    detectable_effect,
    difference,
    heterogeneity_p,
    holm,
    needed_per_arm,
    sample_ratio,
)

WORKS, HARMS, NOT_SHOWN, INVALID = "works", "harms", "not shown", "invalid: sample ratio"


@dataclass(frozen=True)
class Cell:
    """One arm, one outcome. The control's has a mean and no effect."""

    n: int  # People with a value.
    mean: float | None
    effect: Effect = NO_EFFECT
    p_holm: float | None = None
    verdict: str | None = None  # None: the control.
    needed_n: int | None = None  # People in each of two arms to see a difference of this size.
    detectable: float | None = None  # The smallest true effect these sizes would mostly show.


@dataclass(frozen=True)
class Adjusted:
    """An outcome after CUPED. cells in the trial's order of arms."""

    covariates: Sequence[str]
    theta: Sequence[float]
    explained: float  # Share of the variance gone.
    means: Sequence[float | None]
    effects: Sequence[Effect]


@dataclass(frozen=True)
class Level:
    """One level of a slice, one treated arm, one outcome."""

    level: str
    n: int
    control_n: int
    mean: float | None
    control_mean: float | None
    effect: Effect
    p_adjusted: float | None


@dataclass(frozen=True)
class Split:
    """Where an effect came from. Levels in their own order, never by p."""

    column: str
    is_planned: bool
    outcome: str
    arm: str
    interaction_p: float | None  # Small: the effect differs between levels.
    levels: Sequence[Level]


@dataclass(frozen=True)
class Missing:
    """People without a value of an outcome, by arm; unequal shares bend the comparison."""

    counts: Sequence[int]
    p: float | None
    ok: bool


@dataclass(frozen=True)
class Findings:
    """Everything a review says about a trial."""

    trial: Trial
    sample_ratio: SampleRatio
    cells: Mapping[str, Sequence[Cell]]  # Outcome → arm.
    verdict: Mapping[str, str]
    balance: Mapping[str, Sequence[Balance]] = field(default_factory=dict)  # Covariate → treated arm.
    adjusted: Mapping[str, Adjusted] = field(default_factory=dict)
    splits: Sequence[Split] = ()
    missing: Mapping[str, Missing] = field(default_factory=dict)
    notes: Sequence[Note] = ()

    @property
    def is_valid(self) -> bool:
        return self.sample_ratio.ok

    @property
    def is_balanced(self) -> bool:
        return all(each.ok for row in self.balance.values() for each in row)


def find(trial: Trial) -> Findings:
    """The findings of a trial."""
    with np.errstate(all="ignore"):  # What overflows is None in the findings.
        return _find(trial)


def _find(trial: Trial) -> Findings:
    ratio = sample_ratio(trial.sizes, trial.shares)
    cells = _cells(trial, ratio.ok)
    return Findings(
        trial=trial,
        sample_ratio=ratio,
        cells=cells,
        verdict={outcome.name: _overall(cells[outcome.name]) for outcome in trial.outcomes},
        balance=_balance(trial),
        adjusted=_adjusted(trial),
        splits=[split for each in trial.slices for split in _splits(trial, each)],
        missing={name: _missing(trial, counts) for name, counts in trial.missing.items() if any(counts)},
        notes=trial.notes,
    )


def _cells(trial: Trial, is_valid: bool) -> dict[str, list[Cell]]:
    effects = {
        outcome.name: [difference(arm, trial.moments[outcome.name][0]) for arm in trial.moments[outcome.name][1:]]
        for outcome in trial.outcomes
    }
    corrected = _corrected(effects, trial.primary)
    return {
        outcome.name: [
            _means(trial, outcome)[0],
            *(
                _cell(outcome, arm, trial.moments[outcome.name][0], effect, p_holm, is_valid)
                for arm, effect, p_holm in zip(
                    trial.moments[outcome.name][1:], effects[outcome.name], corrected[outcome.name], strict=True
                )
            ),
        ]
        for outcome in trial.outcomes
    }


def _corrected(effects: Mapping[str, Sequence[Effect]], primary: str) -> dict[str, list[float | None]]:
    """Holm's p over arms × outcomes; over the arms alone for the outcome that was named before the start."""
    result: dict[str, list[float | None]] = {}
    for family in ([name for name in effects if name == primary], [name for name in effects if name != primary]):
        values = iter(holm([effect.p for name in family for effect in effects[name]]))
        result |= {name: [next(values) for _effect in effects[name]] for name in family}
    return result


def _cell(
    outcome: Outcome, arm: Moments, control: Moments, effect: Effect, p_holm: float | None, is_valid: bool
) -> Cell:
    return Cell(
        n=arm.n,
        mean=arm.known_mean,
        effect=effect,
        p_holm=p_holm,
        verdict=_verdict(effect, p_holm, outcome.is_harmful) if is_valid else INVALID,
        needed_n=needed_per_arm(effect.lift or 0.0, arm.variance, control.variance),
        detectable=detectable_effect(effect.se) if effect.se else None,
    )


def _verdict(effect: Effect, p_holm: float | None, is_harmful: bool) -> str:
    if p_holm is None or p_holm >= ALPHA or not effect.lift:
        return NOT_SHOWN
    return WORKS if (effect.lift > 0) != is_harmful else HARMS


def _overall(cells: Sequence[Cell]) -> str:
    verdicts = {cell.verdict for cell in cells}
    return next((verdict for verdict in (INVALID, HARMS, WORKS) if verdict in verdicts), NOT_SHOWN)


def _means(trial: Trial, outcome: Outcome) -> list[Cell]:
    return [Cell(arm.n, arm.known_mean) for arm in trial.moments[outcome.name]]


def _balance(trial: Trial) -> dict[str, list[Balance]]:
    comparisons = len(trial.baseline) * (len(trial.arms) - 1)
    return {name: [balance(arm, arms[0], comparisons) for arm in arms[1:]] for name, arms in trial.baseline.items()}


def _adjusted(trial: Trial) -> dict[str, Adjusted]:
    result = {}
    for name, covariates in trial.covariates.items():
        if after := adjusted(trial.moments[name]):
            effects = [NO_EFFECT, *(difference(arm, after.arms[0]) for arm in after.arms[1:])]
            means = [arm.known_mean for arm in after.arms]
            result[name] = Adjusted(covariates, after.theta, after.explained, means, effects)
    return result


def _missing(trial: Trial, counts: Sequence[int]) -> Missing:
    fit = sample_ratio(counts, trial.sizes)
    return Missing(counts, fit.p, fit.ok)


def _splits(trial: Trial, part: Slice) -> list[Split]:
    """Holm within what was planned, Benjamini-Hochberg within what was explored: over outcomes × arms × levels."""
    split = [outcome for outcome in trial.outcomes if outcome.name in part.moments]
    keys = [(outcome, place) for outcome in split for place in range(1, len(trial.arms))]
    effects = [[difference(arms[place], arms[0]) for arms in part.moments[outcome.name]] for outcome, place in keys]
    correct = holm if part.is_planned else benjamini_hochberg
    family = iter(correct([effect.p for row in effects for effect in row]))
    return [
        Split(
            column=part.column,
            is_planned=part.is_planned,
            outcome=outcome.name,
            arm=trial.arms[place],
            interaction_p=heterogeneity_p(row),
            levels=[
                _level(level, arms[place], arms[0], effect, next(family))
                for level, arms, effect in zip(part.levels, part.moments[outcome.name], row, strict=True)
            ],
        )
        for (outcome, place), row in zip(keys, effects, strict=True)
    ]


def _level(level: str, arm: Moments, control: Moments, effect: Effect, p_adjusted: float | None) -> Level:
    return Level(
        level,
        arm.n,
        control.n,
        arm.known_mean,
        control.known_mean,
        effect,
        p_adjusted,
    )
