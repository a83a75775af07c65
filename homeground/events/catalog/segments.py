"""Who came into a segment, and who left it."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SegmentEntered(Fact):
    """进入人群"""

    name = "segments.segment_entered"
    segment: str  # Its slug.
    generation: int


@dataclass(frozen=True, kw_only=True)
class SegmentLeft(Fact):
    """离开人群"""

    name = "segments.segment_left"
    segment: str
    generation: int
