"""客户卡片: what a member wants to know before a word is said to a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homeground.core import time
from homeground.events.labels import label
from homeground.people.models import AttributeValue, Consent, Customer, Relation, RelationMove
from homeground.service.models import ChatMessage, LastTalk, Note, OffLimit, OwnInterval, Task, Ticket, Wait
from homeground.wecom.models import Follow

ORDERS, NOTES, MESSAGES = 5, 10, 8
_NOT_SHOWN = ("name", "avatar")


@dataclass(frozen=True)
class Standing:
    """How close a customer stands, since when, and what says so."""

    label: str
    since: datetime | None
    reasons: list[str]


@dataclass(frozen=True)
class Warnings:
    """What not to say: in the customer's own words, as limits that staff wrote down, or as an open complaint."""

    limits: list[OffLimit]
    refused: list[str]
    complaints: list[Ticket]

    def __bool__(self) -> bool:
        return bool(self.limits or self.refused or self.complaints)


@dataclass(frozen=True)
class Interval:
    """In how many days the customer is due again, and the last exchange; days None: no rule fits."""

    own_days: int | None
    talked_at: datetime | None
    due_on: date | None


def standing(customer: Customer) -> Standing:
    """The relation stage with its reasons."""
    move = RelationMove.objects.filter(customer=customer).order_by("-moved_at", "-pk").first()
    reasons = [label(name) for name in move.reasons] if move else []
    return Standing(str(Relation(customer.relation).label), move.moved_at if move else None, reasons)


def warnings(ids: Sequence[int], open_tickets: Sequence[Ticket]) -> Warnings:
    """What not to say to this person, with these tickets."""
    limits = list(OffLimit.objects.filter(customer_id__in=ids, lifted_at=None).order_by("pk"))
    return Warnings(limits, _refused(ids), [ticket for ticket in open_tickets if ticket.is_complaint])


def interval(ids: Sequence[int], zone: str) -> Interval:
    """The customer's own interval, the latest exchange with anybody of staff, and an open follow-up's day."""
    own = OwnInterval.objects.filter(customer_id__in=ids).values_list("days", flat=True).first()
    talks = LastTalk.objects.filter(contact__customer_id__in=ids).values_list("heard_at", "spoke_at", "cared_at")
    moments = [moment for row in talks for moment in row if moment]
    talked_at = max(moments, default=None)
    task = Task.objects.filter(customer_id__in=ids, kind=Task.Kind.FOLLOW_UP, state=Task.State.OPEN).first()
    due_on = task.due_on if task else None
    if not due_on and own and talked_at:
        due_on = time.day_of(talked_at, zone) + timedelta(days=own)
    return Interval(own, talked_at, due_on)


def follows(ids: Sequence[int]) -> list[Follow]:
    """Who of staff has this person as a friend, the newest first."""
    rows = Follow.objects.filter(contact__customer_id__in=ids, ended_at=None).select_related("staff", "contact")
    return list(rows.order_by("-began_at", "-pk"))


def attributes(ids: Sequence[int]) -> list[AttributeValue]:
    """What is said of this person, the newest word on each; names apart."""
    rows = AttributeValue.objects.filter(customer_id__in=ids).exclude(attribute__key__in=_NOT_SHOWN)
    newest = {row.attribute_id: row for row in rows.select_related("attribute").order_by("said_at", "pk")}
    return sorted(newest.values(), key=lambda row: row.attribute.key)


def said_last(ids: Sequence[int], readable: Sequence[int] | None) -> str:
    """The customer's last words that this reader may read; empty where there are none."""
    rows = ChatMessage.objects.filter(customer_id__in=ids, is_from_customer=True, place="chat")
    rows = rows if readable is None else rows.filter(staff_id__in=readable)
    return rows.exclude(text="").order_by("-at").values_list("text", flat=True).first() or ""


def talk(ids: Sequence[int], readable: Sequence[int] | None) -> list[ChatMessage]:
    """The newest messages of the one-to-one talks that this reader may read, the oldest of them first."""
    rows = ChatMessage.objects.filter(customer_id__in=ids, place__in=("chat", "kf"), erased_at=None)
    rows = rows if readable is None else rows.filter(staff_id__in=readable)
    return list(rows.select_related("staff").order_by("-at", "-pk")[:MESSAGES])[::-1]


def notes(ids: Sequence[int]) -> list[Note]:
    """What was written down, the newest first."""
    return list(Note.objects.filter(customer_id__in=ids).order_by("-at", "-pk")[:NOTES])


def waits(ids: Sequence[int]) -> list[Wait]:
    """Where this person waits for us now."""
    return list(Wait.objects.filter(customer_id__in=ids, answered_at=None).select_related("staff").order_by("due_at"))


def open_tasks(ids: Sequence[int]) -> list[Task]:
    """What is to be done for this person."""
    rows = Task.objects.filter(customer_id__in=ids, state=Task.State.OPEN).select_related("staff")
    return list(rows.order_by("due_on", "pk")[:10])


def _refused(ids: Sequence[int]) -> list[str]:
    """The channels on which the newest word on promotion is no."""
    rows = Consent.objects.filter(customer_id__in=ids, purpose=Consent.Purpose.PROMOTION).order_by("decided_at", "pk")
    newest = {row.channel: row.is_granted for row in rows}
    return sorted(channel for channel, is_granted in newest.items() if not is_granted)
