"""From a table of people to a trial: who is in which arm, what of each column counts, what had to be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from homeground.insights.errors import BadOption, NotNumbers, OneArm, TooManyArms, UnknownArm, UnreadableFile
from homeground.insights.review.question import Question
from homeground.insights.review.trial import Note, Outcome, Slice, Trial
from homeground.insights.statistics import Moments, moments_of
from homeground.insights.statistics.moments import Array

MOST_ARMS = 20
MOST_LEVELS = 20
_TRUTH = {"true": "1", "false": "0"}
_NOTHING = ["na", "n/a", "#n/a", "nan", "null", "none", "-"]  # How programs write a missing number.
Codes = NDArray[np.int64]  # Each row's arm, by place; the control is 0.


def trial_of(table: pl.DataFrame, question: Question, name: str) -> Trial:
    """The trial in a table of text. Raises a refusal that names the column, the arm or the cell."""
    _check(question)
    if table.is_empty():
        raise UnreadableFile(name, _("文件里没有数据行"))
    table, notes, in_two = _people(table, question)
    arms, shares = _arms(table, question)
    codes = _codes(table, question.arm, arms)
    return _Builder(table, question, arms, shares, codes, notes).trial(in_two)


def _check(question: Question) -> None:
    if not question.outcomes:
        raise BadOption(_("至少要有一个结果指标：--outcomes 列名,列名"))
    for column, outcome in question.before:
        if outcome not in question.outcomes:
            given = {"column": column, "outcome": outcome}
            raise BadOption(_("--before %(column)s=%(outcome)s：“%(outcome)s”不在 --outcomes 里") % given)
    for outcome in question.harmful:
        if outcome not in question.outcomes:
            raise BadOption(_("--harmful：“%(outcome)s”不在 --outcomes 里") % {"outcome": outcome})


def _people(table: pl.DataFrame, question: Question) -> tuple[pl.DataFrame, list[Note], int]:
    """One row a person: without an arm nobody counts; who is in two arms counts in none; a repeat counts once."""
    notes = []
    arm = pl.col(question.arm)
    table = table.with_columns(_plain(question.arm))
    if blank := table[question.arm].null_count():
        notes.append(Note("no_arm", {"count": blank, "column": question.arm}))
        table = table.filter(arm.is_not_null())
    if not question.id:
        return table, notes, 0
    table = table.with_columns(_plain(question.id))
    return _once(table, question.arm, question.id, notes)


def _once(table: pl.DataFrame, arm: str, key: str, notes: list[Note]) -> tuple[pl.DataFrame, list[Note], int]:
    if blank := table[key].null_count():
        notes.append(Note("no_id", {"count": blank, "column": key}))
    known, unknown = table.filter(pl.col(key).is_not_null()), table.filter(pl.col(key).is_null())
    arms = known.group_by(key).agg(pl.col(arm).n_unique().alias("arms"))
    torn = arms.filter(pl.col("arms") > 1)
    if torn.height:
        notes.append(Note("two_arms", {"count": torn.height}))
        known = known.join(torn, on=key, how="anti")
    single = known.unique(key, keep="first", maintain_order=True)
    if single.height < known.height:
        notes.append(Note("repeated", {"count": known.height - single.height, "column": key}))
    return pl.concat([single, unknown]), notes, torn.height


def _plain(column: str) -> pl.Expr:
    """Spreadsheets write the number 1 as 1.0."""
    return pl.col(column).str.replace(r"^(-?\d+)\.0+$", "${1}")


def _arms(table: pl.DataFrame, question: Question) -> tuple[list[str], list[float]]:
    """The control first, the others in their own order, with their shares."""
    seen = table[question.arm].unique().to_list()
    if len(seen) > MOST_ARMS:
        raise TooManyArms(question.arm, len(seen))
    listed = sorted({*seen, *question.shares}, key=_by_number)
    if question.control not in seen:
        raise UnknownArm(question.control, question.arm, sorted(seen, key=_by_number))
    for arm in listed:
        if question.shares and arm not in question.shares:
            raise BadOption(_("--shares 没有给出组“%(arm)s”的份额") % {"arm": arm})
    if len(listed) < 2:
        raise OneArm(question.arm, question.control)
    arms = [question.control, *(arm for arm in listed if arm != question.control)]
    return arms, [question.shares.get(arm, 1.0) for arm in arms]


def _by_number(text: str) -> tuple[bool, float, str]:
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text


def _codes(table: pl.DataFrame, column: str, arms: Sequence[str]) -> Codes:
    places = {arm: place for place, arm in enumerate(arms)}
    return table[column].replace_strict(places, return_dtype=pl.Int64).to_numpy()


@dataclass(frozen=True)
class _Builder:
    table: pl.DataFrame
    question: Question
    arms: list[str]
    shares: list[float]
    codes: Codes
    notes: list[Note]

    def trial(self, in_two: int) -> Trial:
        values = {name: self._outcome(name) for name in self.question.outcomes}
        known = {name: self._known(name) for name in dict.fromkeys(self._covariates())}
        outcomes = [self._describe(name, column) for name, column in values.items()]
        used = {name: self._used(name, known) for name in values}
        return Trial(
            arms=self.arms,
            sizes=[int(size) for size in np.bincount(self.codes, minlength=len(self.arms))],
            shares=self.shares,
            outcomes=outcomes,
            moments={each.name: self._moments(values[each.name], used[each.name], each) for each in outcomes},
            covariates={name: list(columns) for name, columns in used.items() if columns},
            baseline={label: self._split(column) for columns in known.values() for label, column in columns.items()},
            slices=[*self._slices(values, outcomes)],
            missing={name: self._missing(column) for name, column in values.items()},
            in_two_arms=in_two,
            notes=self.notes,
        )

    def _covariates(self) -> list[str]:
        return [*(column for column, _outcome in self.question.before), *self.question.covariates]

    def _outcome(self, name: str) -> Array:
        column, broken = _numbers(self.table[name])
        if not np.isfinite(column).any() and (example := _first(broken)):
            raise NotNumbers(name, example)
        self._count_broken(name, broken, column)
        return column

    def _count_broken(self, name: str, broken: pl.Series, column: Array) -> None:
        if len(broken):
            self.notes.append(Note("not_numbers", {"column": name, "count": len(broken), "example": _first(broken)}))
        if empty := int(np.isnan(column).sum()) - len(broken):
            self.notes.append(Note("empty_cells", {"column": name, "count": empty}))

    def _describe(self, name: str, column: Array) -> Outcome:
        present = np.unique(column[np.isfinite(column)])
        if len(present) < 2:
            self.notes.append(Note("constant", {"column": name}))
        kind = "rate" if len(present) == 2 and set(present) == {0.0, 1.0} else "number"
        return Outcome(name, kind, is_harmful=name in self.question.harmful)

    def _known(self, name: str) -> dict[str, Array]:
        """A covariate as columns of numbers: itself, or one column for each of its few words. Gaps take the mean."""
        column, broken = _numbers(self.table[name])
        if len(broken):
            return self._words(name)
        gaps = np.isnan(column)
        if gaps.any():
            self.notes.append(Note("filled", {"column": name, "count": int(gaps.sum())}))
        middle = float(column[~gaps].mean()) if (~gaps).any() else 0.0
        return {name: np.where(gaps, middle, column)}

    def _words(self, name: str) -> dict[str, Array]:
        levels = sorted(self.table[name].drop_nulls().unique().to_list())
        if len(levels) > MOST_LEVELS:
            self.notes.append(Note("too_many_words", {"column": name, "count": len(levels)}))
            return {}
        return {
            f"{name}={level}": (self.table[name] == level).fill_null(False).cast(pl.Float64).to_numpy()
            for level in levels
        }

    def _used(self, outcome: str, known: dict[str, dict[str, Array]]) -> dict[str, Array]:
        """The covariates that adjust an outcome: its own history, and those named for all."""
        own = [column for column, about in self.question.before if about == outcome]
        return {
            label: column
            for name in dict.fromkeys([*own, *self.question.covariates])
            for label, column in known[name].items()
        }

    def _moments(self, values: Array, used: dict[str, Array], outcome: Outcome) -> list[Moments]:
        matrix = np.column_stack([*used.values()]) if used else np.empty((len(values), 0))
        is_binary = outcome.kind == "rate"
        return [moments_of(values[mask], matrix[mask], is_binary=is_binary) for mask in self._masks(~np.isnan(values))]

    def _split(self, column: Array) -> list[Moments]:
        is_binary = bool(np.isin(column, (0.0, 1.0)).all()) and len(np.unique(column)) == 2
        return [moments_of(column[mask], is_binary=is_binary) for mask in self._masks(np.ones(len(column), bool))]

    def _masks(self, usable: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
        return [(self.codes == place) & usable for place in range(len(self.arms))]

    def _missing(self, column: Array) -> list[int]:
        return [int(mask.sum()) for mask in self._masks(np.isnan(column))]

    def _slices(self, values: dict[str, Array], outcomes: Sequence[Outcome]) -> list[Slice]:
        planned = [(column, True) for column in self.question.segments]
        return [
            self._slice(column, is_planned, values, outcomes)
            for column, is_planned in [*planned, *((column, False) for column in self.question.explore)]
        ]

    def _slice(self, column: str, is_planned: bool, values: dict[str, Array], outcomes: Sequence[Outcome]) -> Slice:
        levels = self._levels(column)
        moments = {
            each.name: [
                [
                    moments_of(values[each.name][mask], is_binary=each.kind == "rate")
                    for mask in self._masks(inside & ~np.isnan(values[each.name]))
                ]
                for inside in levels.values()
            ]
            for each in outcomes
        }
        return Slice(column, is_planned, list(levels), moments)

    def _levels(self, name: str) -> dict[str, NDArray[np.bool_]]:
        """Rows of each level. Numbers with many values are cut into four groups of like size."""
        words = self.table[name]
        column, broken = _numbers(words)
        if not len(broken) and words.n_unique() > MOST_LEVELS:
            return _quarters(column)
        sizes = words.drop_nulls().value_counts(sort=True, name="people")
        if sizes.height > MOST_LEVELS:
            self.notes.append(Note("too_many_levels", {"column": name, "count": sizes.height, "shown": MOST_LEVELS}))
        shown = sorted(sizes[name].head(MOST_LEVELS).to_list(), key=_by_number)
        return {level: (words == level).fill_null(False).to_numpy() for level in shown}


def _numbers(words: pl.Series) -> tuple[Array, pl.Series]:
    """A column's numbers, NaN where there is none, and the cells that hold something else."""
    folded = words.str.to_lowercase()
    cast = folded.replace(_TRUTH).cast(pl.Float64, strict=False)
    column = cast.fill_null(float("nan")).to_numpy().copy()
    column[~np.isfinite(column)] = np.nan
    present = (words.is_not_null() & ~folded.is_in(_NOTHING)).to_numpy()
    return column, words.filter(pl.Series(present & np.isnan(column)))


def _first(broken: pl.Series) -> str:
    return str(broken[0])[:40] if len(broken) else ""


def _quarters(column: Array) -> dict[str, NDArray[np.bool_]]:
    edges = np.unique(np.nanquantile(column, [0, 0.25, 0.5, 0.75, 1]))
    pairs = list(pairwise(edges))
    return {
        f"{low:g} – {high:g}": (column >= low) & ((column < high) if place < len(pairs) - 1 else (column <= high))
        for place, (low, high) in enumerate(pairs)
    }
