"""What a review is made from: arms, outcomes and their moments, whether they came from a file or from ClickHouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeground.insights.statistics import Moments


@dataclass(frozen=True)
class Outcome:
    """What is measured of each person. kind: rate (0/1), number, money (minor units of currency)."""

    name: str
    kind: str = "number"
    label: str = ""  # As shown; empty: the name.
    is_harmful: bool = False  # More is worse: complaints, opt-outs.
    currency: str = ""

    @property
    def title(self) -> str:
        return self.label or self.name


@dataclass(frozen=True)
class Slice:
    """People split by what was known before the start: one level after the other."""

    column: str
    is_planned: bool  # Named before anyone saw a result; else exploratory.
    levels: Sequence[str]
    moments: Mapping[str, Sequence[Sequence[Moments]]]  # Outcome → level → arm; some outcomes or all.


@dataclass(frozen=True)
class Note:
    """Something about the data that the reader must know; words.py has the sentence of each code."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """Arms in a fixed order, the control first; every list of moments is in that order."""

    arms: Sequence[str]
    sizes: Sequence[int]
    shares: Sequence[float]  # As designed, any scale.
    outcomes: Sequence[Outcome]
    moments: Mapping[str, Sequence[Moments]]  # Outcome → arm, with that outcome's covariates.
    covariates: Mapping[str, Sequence[str]] = field(default_factory=dict)  # Outcome → names of them.
    baseline: Mapping[str, Sequence[Moments]] = field(default_factory=dict)  # Covariate → arm, for balance.
    slices: Sequence[Slice] = ()
    missing: Mapping[str, Sequence[int]] = field(default_factory=dict)  # Outcome → arm: people without a value.
    primary: str = ""  # The outcome named before the start: judged by itself, not among the others.
    in_two_arms: int = 0  # People seen in more than one arm; they are in no arm's numbers.
    notes: Sequence[Note] = ()
