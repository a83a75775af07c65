"""What is asked of a file. Light to import: the command line reads it before it knows whether it needs the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """What is asked of a file: columns by name."""

    arm: str
    control: str
    outcomes: Sequence[str]
    covariates: Sequence[str] = ()
    before: Sequence[tuple[str, str]] = ()  # (column from before the start, its outcome).
    harmful: Sequence[str] = ()  # Outcomes of which more is worse.
    id: str | None = None
    shares: Mapping[str, float] = field(default_factory=dict)  # Arm → share, any scale; empty: equal.
    segments: Sequence[str] = ()  # Named before the result was seen.
    explore: Sequence[str] = ()  # Looked at afterwards.

    @property
    def columns(self) -> list[str]:
        """Every column that must be read."""
        named = [self.arm, *self.outcomes, *self.covariates, *(column for column, _outcome in self.before)]
        return [*named, *([self.id] if self.id else []), *self.segments, *self.explore]
