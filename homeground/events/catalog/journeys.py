"""What happens to customers on journeys."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class JourneyEntered(Fact):
    """进入旅程; the exposure: in which arm, and in which variant"""

    name = "journeys.journey_entered"
    journey: str  # Its slug.
    version: int
    enrolment_id: int
    arm: str
    variant: str


@dataclass(frozen=True, kw_only=True)
class JourneyLeft(Fact):
    """离开旅程; ending: of Enrolment.Ending"""

    name = "journeys.journey_left"
    journey: str
    enrolment_id: int
    ending: str
