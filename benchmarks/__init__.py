"""Each module measures one job against the physical limit of what it does, in the same run on the same machine.

A module has bench(): it opens stores of its own (the harness gives it an empty folder) and returns Results, each job at
two sizes. `make bench` prints both figures, their ratio and the exponent by which the time grows with the size.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measurement. A ratio of rates wants to be at least the goal; a ratio of times, or a bare figure, at most."""

    name: str
    size: int  # How many of the unit were done.
    unit: str  # events, customers, rows …
    ours: float
    bare: float | None  # The same work by the barest means; None where there is no such thing.
    goal: float | None  # Of the ratio below, or of our own figure where bare is None.
    at_least: bool = True  # True: ratio = bare / ours (a rate). False: ratio = ours / bare (a time).
    measure: str = "s"  # What the two figures are: seconds, or MB.

    @property
    def ratio(self) -> float | None:
        """How near to the limit, as the goal counts it."""
        if self.bare is None:
            return None
        return self.bare / self.ours if self.at_least else self.ours / self.bare

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; None where there is no goal."""
        if self.goal is None:
            return None
        if self.ratio is None:
            return self.ours <= self.goal
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal
