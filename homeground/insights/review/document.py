"""The findings as one JSON document: the contract of `homeground review --json`. No NaN, no infinity: null."""

import math
from collections.abc import Sequence
from typing import Any

from homeground.insights.review import words
from homeground.insights.review.findings import Adjusted, Cell, Findings, Split
from homeground.insights.statistics import Balance, Effect


def document(findings: Findings) -> dict[str, Any]:
    """Everything, by the names that docs/review.md explains."""
    arms = findings.trial.arms
    content = {
        "control": arms[0],
        "arms": [_arm(findings, place) for place in range(len(arms))],
        "checks": _checks(findings),
        "adjusted": {name: _adjusted(each, arms) for name, each in findings.adjusted.items()},
        "segments": [_split(split) for split in findings.splits],
        "verdict": dict(findings.verdict),
        "needed_n": {name: _needed(cells, arms) for name, cells in findings.cells.items()},
        "sentences": words.sentences(findings),
        "warnings": [{"code": note.code, **note.values, "message": words.note(note)} for note in findings.notes],
    }
    return {key: _finite(value) for key, value in content.items()}


def _arm(findings: Findings, place: int) -> dict[str, Any]:
    trial = findings.trial
    return {
        "name": trial.arms[place],
        "n": trial.sizes[place],
        "is_control": place == 0,
        "outcomes": {name: _cell(cells[place]) for name, cells in findings.cells.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "n": cell.n,
        "mean": cell.mean,
        **_effect(cell.effect),
        "p_holm": cell.p_holm,
        "verdict": cell.verdict,
        "needed_n": cell.needed_n,
        "detectable": cell.detectable,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "lift": effect.lift,
        "se": effect.se,
        "ci_low": effect.ci_low,
        "ci_high": effect.ci_high,
        "p": effect.p,
        "relative_lift": effect.relative_lift,
        "relative_ci_low": effect.relative_low,
        "relative_ci_high": effect.relative_high,
        "method": effect.method,
    }


def _checks(findings: Findings) -> dict[str, Any]:
    trial, ratio = findings.trial, findings.sample_ratio
    by_arm = [dict(zip(trial.arms, values, strict=True)) for values in (trial.sizes, ratio.expected)]
    return {
        "sample_ratio": {
            "p": ratio.p,
            "ok": ratio.ok,
            "warning": ratio.warns,
            "observed": by_arm[0],
            "expected": by_arm[1],
        },
        "balance": {
            "ok": findings.is_balanced,
            "covariates": {name: _balance(row, trial.arms[1:]) for name, row in findings.balance.items()},
        },
        "several_arms": {"people": trial.in_two_arms, "ok": trial.in_two_arms == 0},
        "missing": {
            name: {"p": each.p, "ok": each.ok, "people": dict(zip(trial.arms, each.counts, strict=True))}
            for name, each in findings.missing.items()
        },
    }


def _balance(row: Sequence[Balance], arms: Sequence[str]) -> dict[str, Any]:
    return {
        arm: {
            "mean": each.mean,
            "control_mean": each.control_mean,
            "standardised_difference": each.standardised,
            "p": each.p,
            "ok": each.ok,
        }
        for arm, each in zip(arms, row, strict=True)
    }


def _adjusted(each: Adjusted, arms: Sequence[str]) -> dict[str, Any]:
    return {
        "covariates": list(each.covariates),
        "theta": dict(zip(each.covariates, each.theta, strict=True)),
        "variance_reduction": each.explained,
        "arms": {
            arm: {"mean": mean, **_effect(effect)}
            for arm, mean, effect in zip(arms, each.means, each.effects, strict=True)
        },
    }


def _split(split: Split) -> dict[str, Any]:
    return {
        "column": split.column,
        "is_planned": split.is_planned,
        "outcome": split.outcome,
        "arm": split.arm,
        "interaction_p": split.interaction_p,
        "levels": [
            {
                "level": level.level,
                "n": level.n,
                "control_n": level.control_n,
                "mean": level.mean,
                "control_mean": level.control_mean,
                **_effect(level.effect),
                "p_adjusted": level.p_adjusted,
            }
            for level in split.levels
        ],
    }


def _needed(cells: Sequence[Cell], arms: Sequence[str]) -> dict[str, int | None]:
    return {arm: cell.needed_n for arm, cell in zip(arms[1:], cells[1:], strict=True)}


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
