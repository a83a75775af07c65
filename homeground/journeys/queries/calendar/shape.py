"""What the calendar is asked, and what stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homeground.core import time
from homeground.segments.models import Segment

CONTENT, ACTIVITY, DATA = "content", "activity", "data"
CALENDARS = (CONTENT, ACTIVITY, DATA)
MOST_DAYS = 62


@dataclass(frozen=True)
class Span:
    """Days of the brand's zone, the last included, seen at a moment."""

    first: date
    last: date
    zone: str
    at: datetime

    @property
    def starts(self) -> datetime:
        return time.start_of(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return time.start_of(self.last + timedelta(days=1), self.zone)

    @property
    def today(self) -> date:
        return time.day_of(self.at, self.zone)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]

    def day_of(self, moment: datetime) -> date:
        """The day of a moment, in the brand's zone."""
        return time.day_of(moment, self.zone)


@dataclass(frozen=True)
class Choice:
    """What to show. Link, channel and segment narrow campaigns and journeys; posts and tasks have none of them."""

    calendars: Sequence[str] = CALENDARS
    link: str = ""
    channel: str = ""
    segment: Segment | None = None

    @property
    def is_narrow(self) -> bool:
        """Some of the activity is left out."""
        return bool(self.link or self.channel or self.segment)


@dataclass(frozen=True)
class Entry:
    """One thing on one day. key: what it is and which, like "campaign:12"; the drawer is asked by it."""

    calendar: str
    kind: str  # campaign, journey, entry, moment, task, review, result.
    key: str
    title: str
    on: date
    at: datetime | None = None  # None: some time that day.
    state: str = ""  # Its word on screen.
    tone: str = "neutral"
    people: int | None = None
    is_movable: bool = False
