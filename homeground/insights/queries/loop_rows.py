"""What the statements of the home page give back, a class a statement; see insights/sql."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Deeds:
    """The row of loop.sql; see there."""

    joined: int
    joined_before: int
    joined_bought: int
    joined_left: int
    active: int
    active_before: int
    stayed: int
    touched: int
    touched_before: int
    answered: int
    opened: int
    clicked: int
    replied: int
    messages: int
    befriended: int
    refused: int
    opted_out: int
    buyers: int
    buyers_before: int
    came_back: int
    bought_ever: int
    orders: int
    orders_before: int


@dataclass(frozen=True)
class Money:
    """The row of loop_money.sql."""

    paid: int
    paid_before: int
    refunded: int
    from_new: int


@dataclass(frozen=True)
class DayCounts:
    """A row of loop_days.sql."""

    day: date
    active: int
    touched: int
    buyers: int


@dataclass(frozen=True)
class Joined:
    """A row of loop_joined.sql."""

    source: str
    day: date
    people: int


@dataclass(frozen=True)
class Sent:
    """A row of loop_sent.sql."""

    campaign_id: int
    messages: int
    refused: int


@dataclass(frozen=True)
class Walks:
    """A row of loop_walks.sql."""

    journey: str
    entered: int
    reached: int


@dataclass(frozen=True)
class Span:
    """The row of span.sql."""

    first: datetime
    last: datetime
