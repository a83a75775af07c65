"""What a journey is made of, as JSON: ways in, nodes by their ids, goal, exits, re-entry.

A node says where to go on by other nodes' ids; null is the end of the journey. Ids are the canvas's own, up to 40
characters of a-z, 0-9, "-" and "_". Rules, comparisons and property filters are those of segments.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from homeground.journeys.graph.parts import Clock, Hours, Id, Name, Share, Sign, Span, Text, To, Where
from homeground.journeys.graph.ways_in import Again, Entry
from homeground.segments.rules.comparisons import Part
from homeground.segments.rules.nodes import Key, Node


class Variant(Part):
    """A version of the experience, drawn at entry by hash: sticky for the customer. One of 10000 is no experiment."""

    name: Name
    share_bp: Share
    start: Id


class Step(Part):
    """A node. at: its place on the canvas, pixels."""

    name: Name
    at: tuple[int, int] = (0, 0)


class SendMessage(Step):
    """Send a message, through the weaker channel to people with no tie or a one-way one. Goes on at once: what became
    of the message an outcome node asks. urgency 1 (can wait) to 3 (loses its sense soon) and value_minor (expected
    value of one send, minor units) rank it against others; within valid_days it goes out or is dropped with the reason.
    """

    kind: Literal["message"]
    message: int  # content.Message.
    channel: Key
    weak_channel: str = ""
    urgency: Annotated[int, Field(ge=1, le=3)] = 2
    value_minor: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    valid_days: Annotated[int, Field(ge=1, le=90)] = 3
    next: To


class AssignTask(Step):
    """A task for the member of staff who looks after the customer, sized to capacity."""

    kind: Literal["task"]
    title: Name
    how: Text = ""
    deadline_hours: Hours = 24
    next: To


class ChangeTags(Step):
    """Put tags on and take tags off."""

    kind: Literal["tag"]
    add: Annotated[list[Name], Field(max_length=20)] = []
    remove: Annotated[list[Name], Field(max_length=20)] = []
    next: To


class SetAttribute(Step):
    """Set one attribute of the customer."""

    kind: Literal["attribute"]
    attribute: Key
    value: str | int | float | bool
    next: To


class GivePoints(Step):
    """Give points, once for each walk that comes here. expires_days: good so many days after; none: for ever."""

    kind: Literal["points"]
    points: Annotated[int, Field(ge=1, le=1_000_000)]
    reason: Name  # As the customer reads it.
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    next: To


class GiveCoupon(Step):
    """Give a coupon, once for each walk that comes here. Who may have no more, or comes too late, goes on without."""

    kind: Literal["coupon"]
    coupon: int  # loyalty.CouponKind.
    next: To


class InviteToGroup(Step):
    """Let staff invite the customer into a group: the door's code moves on by itself when a group is full."""

    kind: Literal["invite"]
    door: int  # growth.Door of a group.
    deadline_hours: Hours = 48
    next: To


class CallWebhook(Step):
    """Tell another system, signed by the Standard Webhooks scheme; once, however often it is tried."""

    kind: Literal["webhook"]
    url: Annotated[str, StringConstraints(min_length=8, max_length=500, pattern=r"^https?://[^\s\x00]+$")]
    next: To


class HandOver(Step):
    """Go on in another journey, by its own rules of entry; this one ends."""

    kind: Literal["handover"]
    journey: Key


class Wait(Step):
    """Wait a while."""

    kind: Literal["wait"]
    span: Span
    next: To


class WaitUntil(Step):
    """Wait for a time of day in the customer's zone, on one of these weekdays (1 is Monday; none: any day)."""

    kind: Literal["wait_until"]
    time: Clock
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = []
    next: To


class WaitForEvent(Step):
    """Wait until the event happens, at most so long. next: it happened after the wait began; otherwise: it did not."""

    kind: Literal["wait_event"]
    event: Key
    where: Where = []
    at_most: Span
    next: To
    otherwise: To


class WaitForDate(Step):
    """Wait for a date of the customer less a lead. Looks again when it has come: a date that moved is waited for anew.

    otherwise: there is no such date (any more), or it is past.
    """

    kind: Literal["wait_date"]
    attribute: Key
    yearly: bool = False
    lead_days: Annotated[int, Field(ge=-365, le=365)] = 0
    time: Clock = "09:30"
    next: To
    otherwise: To


class Way(Part):
    """One way out of a branch."""

    name: Name
    rule: Node
    next: To


class Branch(Step):
    """The first way whose rule (of segments) holds now; otherwise where none does."""

    kind: Literal["branch"]
    ways: Annotated[list[Way], Field(min_length=1, max_length=10)]
    otherwise: To


class SplitWay(Part):
    """One part of a split."""

    name: Name
    share_bp: Share
    next: To


class Split(Step):
    """A share by hash of customer and node: the same customer goes the same way each time. Shares add up to 10000."""

    kind: Literal["split"]
    ways: Annotated[list[SplitWay], Field(min_length=2, max_length=10)]


class ChannelWay(Part):
    """One way out of a choice of channels."""

    channel: Key
    next: To


class ChooseChannel(Step):
    """The first way whose channel reaches the customer now: it is enabled, has an address, and they did not opt out of
    promotions there; otherwise where none does. answered_first: the one on which they last answered, opened or clicked
    goes before the order of the list. for_promotions: what follows are promotions, so they must have agreed to them.
    """

    kind: Literal["channel"]
    ways: Annotated[list[ChannelWay], Field(min_length=1, max_length=6)]
    answered_first: bool = False
    for_promotions: bool = False
    otherwise: To


class Outcome(Step):
    """What became, up to now, of an earlier message of this walk; otherwise where it did not come so far."""

    kind: Literal["outcome"]
    of: Id
    was: Literal["sent", "delivered", "opened", "clicked", "answered"]
    next: To
    otherwise: To


AnyStep = Annotated[
    SendMessage | AssignTask | ChangeTags | SetAttribute | GivePoints | GiveCoupon | InviteToGroup | CallWebhook
    | HandOver | Wait | WaitUntil | WaitForEvent | WaitForDate | Branch | Split
    | ChooseChannel | Outcome,
    Field(discriminator="kind"),
]  # fmt: skip
Act = (
    SendMessage
    | AssignTask
    | ChangeTags
    | SetAttribute
    | GivePoints
    | GiveCoupon
    | InviteToGroup
    | CallWebhook
    | HandOver
)
Waiting = Wait | WaitUntil | WaitForEvent | WaitForDate


class Graph(BaseModel):
    """A whole journey. goal: reached at any time, also during a wait, it ends the walk as a success; exits end it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entries: Annotated[list[Entry], Field(min_length=1, max_length=10)]
    again: Again = Again()
    variants: Annotated[list[Variant], Field(min_length=1, max_length=5)]
    nodes: Annotated[dict[Id, AnyStep], Field(min_length=1, max_length=200)]
    goal: Sign | None = None
    exits: Annotated[list[Sign], Field(max_length=10)] = []


def edges(step: Any) -> list[tuple[str, To]]:
    """The ways out of a node, each with its name in the log: "next", "otherwise", or the way's name or channel."""
    if isinstance(step, Split):
        return [(way.name, way.next) for way in step.ways]
    if isinstance(step, Branch):
        return [*((way.name, way.next) for way in step.ways), ("otherwise", step.otherwise)]
    if isinstance(step, ChooseChannel):
        return [*((way.channel, way.next) for way in step.ways), ("otherwise", step.otherwise)]
    return [(name, getattr(step, name)) for name in ("next", "otherwise") if hasattr(step, name)]
