"""What the home page shows of the five links of the loop (M1), one dataclass a thing on screen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Count:
    """One number with what it means. value None: nothing measures it yet; never shown as 0."""

    key: str  # Stable, like "buyers".
    label: str
    value: int | None
    unit: str  # people, orders, touches; minor (of Loop.currency).
    definition: str  # Who is counted, of whom, when.
    of: int | None = None  # The denominator, when the number is a part of something.
    is_estimate: bool = False
    before: int | None = None  # The same number in the span of equal length just before.

    @property
    def share(self) -> float | None:
        """value / of, 0 … 1."""
        return self.value / self.of if self.value is not None and self.of else None


@dataclass(frozen=True)
class Link:
    """One link of the loop. Cost and harm stand beside every gain (M2)."""

    key: str  # acquire, retain, activate, convert, refer.
    label: str  # 拉新 留存 促活 转化 裂变
    is_enabled: bool  # False: no data source yet; note says what it takes.
    note: str
    people_in: Count
    people_out: Count
    details: Sequence[Count] = ()
    cost: Count | None = None
    harm: Sequence[Count] = ()
    series: Sequence[int | None] = ()  # people_out (or what `series_label` says), one a day of Loop.days.
    series_label: str = ""
    campaigns: int = 0  # Campaigns of this link that were sent in the span.
    journeys: int = 0  # Journeys of this link that somebody entered, or that sent something, in the span.


@dataclass(frozen=True)
class Loop:
    """The five links in order, over whole days of the brand's zone, both ends included."""

    since: date
    until: date
    as_of: datetime  # The newest event that is counted.
    currency: str
    days: Sequence[date] = ()
    links: Sequence[Link] = field(default_factory=list)
    existing: Sequence[Count] = ()  # Customers we already have, shown first (M38).
