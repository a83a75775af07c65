"""How customers come into a journey, and whether again, as JSON."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from homeground.journeys.graph.parts import Clock, Where
from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.nodes import Key


class BySegment(Part):
    """Whoever enters the segment. has_existing: who is in it when the journey goes live, too."""

    by: Literal["segment"]
    segment: Key
    has_existing: bool = False


class ByEvent(Part):
    """Whom the event is about. key: the property that tells several walks of one customer apart, like "order_no"."""

    by: Literal["event"]
    event: Key
    where: Where = []
    key: Key | None = None


class ByDate(Part):
    """A date of the customer, less a lead. yearly: its anniversary; 29 February counts as the 28th in other years.

    attribute: a date attribute: birthday, next_order_on … segment: only its members.
    """

    by: Literal["date"]
    attribute: Key
    yearly: bool = False
    lead_days: Annotated[int, Field(ge=-365, le=365)] = 0
    time: Clock = "09:30"
    segment: Key | None = None


class BySchedule(Part):
    """All members of a segment: once (on), every week (weekday, 1 is Monday) or every month (day; or its last).

    Exactly one of on, weekday and day. time: in the brand's zone.
    """

    by: Literal["schedule"]
    segment: Key
    on: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    time: Clock = "09:30"


class ByHand(Part):
    """Somebody, or a program over the API, puts customers in; another journey may hand them over."""

    by: Literal["hand"]


Entry = Annotated[BySegment | ByEvent | ByDate | BySchedule | ByHand, Field(discriminator="by")]


class Again(Part):
    """Re-entry. never: once in a life. after_exit: when the last walk has ended. after_days: so many days after the
    last entry. any: as often as it comes. at_once: how many walks at a time, each with a key of its own.
    """

    when: Literal["never", "after_exit", "after_days", "any"] = "never"
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    at_once: Annotated[int, Field(ge=1, le=20)] = 1
