"""What several kinds of nodes and ways in are made of, as JSON."""

from typing import Annotated

from pydantic import Field, StringConstraints

from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.nodes import Key, PropertyIs

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
To = Id | None  # The node that comes next; None: the journey ends here.
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]  # In the customer's zone.
Where = Annotated[list[PropertyIs], Field(max_length=20)]
Share = Annotated[int, Field(ge=1, le=10_000)]  # Basis points.
Hours = Annotated[int, Field(ge=1, le=24 * 60)]


class Span(Part):
    """A length of time above zero. Days are of the customer's calendar: one with a clock change counts as one."""

    days: Annotated[int, Field(ge=0, le=1000)] = 0
    hours: Annotated[int, Field(ge=0, le=1000)] = 0
    minutes: Annotated[int, Field(ge=0, le=1000)] = 0


class Happens(Part):
    """An event with these properties."""

    event: Key
    where: Where = []


class Enters(Part):
    """The customer enters a segment."""

    segment: Key


Sign = Happens | Enters
