"""Tickets (M61, M62): opened from messages or by hand, taken by the least busy of their queue, closed with a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events.catalog.service import TicketClosed, TicketOpened
from homeground.events.services import record
from homeground.people import queries as people
from homeground.service.errors import TicketRefused
from homeground.service.models import Queue, QueueMember, SortingRule, Ticket, TicketClock, TicketNote, Topic
from homeground.service.queries.tickets import takers_of
from homeground.wecom.models import GroupChat, Staff

_SQL = Path(__file__).parent.parent / "sql"
_OPEN = (_SQL / "open_tickets.sql").read_text()
DEFAULT_MINUTES = {
    (Queue.EXPERT, False): 4 * 60,
    (Queue.EXPERT, True): 2 * 60,
    (Queue.AFTER_SALES, False): 24 * 60,
    (Queue.AFTER_SALES, True): 2 * 60,
}
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
DEFAULT_SOURCE = "出厂默认：投诉两小时内有人接，售后一天内有结果，咨询当天答复"
GRAVE_WORDS = ["投诉", "12315", "消协", "工商", "市场监管", "起诉", "律师函", "报警", "曝光", "退一赔三", "假一赔十"]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One message, or one colleague's word, that wants a ticket."""

    message_id: int | None
    customer_id: int
    queue: str
    is_complaint: bool
    text: str
    place: str
    chat_id: str
    at: datetime
    staff_id: int | None = None  # Who is to take it; None: the group's expert, or the least busy of the queue.


def open_ticket(
    *,
    customer_id: int,
    queue: str,
    text: str,
    by: str,
    staff_id: int | None = None,
    chat_id: str = "",
    is_complaint: bool = False,
    at: datetime | None = None,
) -> Ticket:
    """Open a ticket by hand. While the customer has one open in the queue, the words are added to that one."""
    if not text.strip():
        raise TicketRefused(_("写一句客户遇到了什么，接手的人才知道从哪里开始。"))
    matter = Matter(
        message_id=None,
        customer_id=people.survivor_of(customer_id),
        queue=Queue(queue),
        is_complaint=is_complaint,
        text=text.strip(),
        place="hand",
        chat_id=chat_id,
        at=at or time.now(),
        staff_id=staff_id,
    )
    return Ticket.objects.get(pk=open_matters([matter], by=by)[0])


@transaction.atomic
def open_matters(matters: Sequence[Matter], *, by: str) -> list[int]:
    """Open a ticket for each matter, or add it to the customer's open one of that queue. Returns the tickets' ids.

    The same message twice is one note. Records ticket_opened once a new ticket.
    """
    if not matters:
        return []
    takers = _Takers(matters)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {**_columns(matters, takers), "by": by})
        rows = cursor.fetchall()
    said = list(zip(matters, rows, strict=True))
    notes = [_added(one, ticket, by) for one, (ticket, is_new) in said if not is_new]
    TicketNote.objects.bulk_create(notes, ignore_conflicts=True)
    record(*(_opened(one, ticket) for one, (ticket, is_new) in said if is_new))
    return [ticket for ticket, _is_new in rows]


@transaction.atomic
def take(ticket_id: int, *, staff_id: int, by: str, at: datetime | None = None) -> Ticket:
    """Hand the ticket to a member of staff, who works on it from now. A repeat changes nothing."""
    ticket = _open_one(ticket_id)
    if ticket.staff_id != staff_id or ticket.state != Ticket.State.WORKING:
        staff = Staff.objects.get(pk=staff_id)
        ticket.staff, ticket.state = staff, Ticket.State.WORKING
        ticket.save(update_fields=["staff", "state"])
        _note(ticket, by, _("由%(name)s处理") % {"name": staff.title}, at)
    return ticket


@transaction.atomic
def move(ticket_id: int, *, queue: str, by: str, at: datetime | None = None) -> Ticket:
    """Give the ticket to the other queue, with that queue's time from now. Refused when one is open there already."""
    moment = at or time.now()
    ticket = _open_one(ticket_id)
    if ticket.queue == queue:
        return ticket
    if Ticket.objects.filter(customer=ticket.customer_id, queue=queue, closed_at__isnull=True).exists():
        raise TicketRefused(_("这位客户在那个队列已有一张未结的工单，请把内容记到那一张里，再结掉这一张。"))
    ticket.queue, ticket.state, ticket.staff = Queue(queue), Ticket.State.OPEN, None
    ticket.due_at = moment + timedelta(minutes=_minutes(moment)[Queue(queue), ticket.is_complaint])
    ticket.save(update_fields=["queue", "state", "staff", "due_at"])
    _note(ticket, by, _("转到队列：%(queue)s") % {"queue": Queue(queue).label}, moment)
    return ticket


@transaction.atomic
def note(ticket_id: int, *, text: str, by: str, at: datetime | None = None) -> TicketNote:
    """Write down what was done on an open ticket."""
    return _note(_open_one(ticket_id), by, text, at)


@transaction.atomic
def close(ticket_id: int, *, resolution: str, by: str, at: datetime | None = None) -> Ticket:
    """Close with a result that the customer would agree to. Closing a closed one changes nothing."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if ticket.closed_at:
        return ticket
    if not resolution.strip():
        raise TicketRefused(_("写下怎么解决的，才能结单：下一位同事遇到同样的事就有据可查。"))
    ticket.state, ticket.closed_at, ticket.closed_by = Ticket.State.CLOSED, at or time.now(), by
    ticket.resolution = resolution.strip()
    ticket.save(update_fields=["state", "closed_at", "closed_by", "resolution"])
    record(_closed(ticket))
    return ticket


@transaction.atomic
def reopen(ticket_id: int, *, by: str, at: datetime | None = None) -> Ticket:
    """Take a closing back: the ticket goes on with its old deadline. Refused when a newer one is open."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if not ticket.closed_at:
        return ticket
    if Ticket.objects.filter(customer=ticket.customer_id, queue=ticket.queue, closed_at__isnull=True).exists():
        raise TicketRefused(_("这位客户在同一队列已有一张新的未结工单，请在那一张上继续。"))
    ticket.state, ticket.closed_at, ticket.closed_by, ticket.resolution = Ticket.State.WORKING, None, "", ""
    ticket.save(update_fields=["state", "closed_at", "closed_by", "resolution"])
    _note(ticket, by, _("重新打开"), at)
    return ticket


def set_members(queue: str, staff_ids: Sequence[int]) -> None:
    """Say who takes tickets of a queue; whoever is not named takes no new ones."""
    with transaction.atomic():
        QueueMember.objects.filter(queue=queue).exclude(staff__in=staff_ids).delete()
        QueueMember.objects.bulk_create(
            [QueueMember(queue=queue, staff_id=staff) for staff in staff_ids], ignore_conflicts=True
        )


def install_ticket_defaults() -> None:
    """Deadlines and the rule for grave words, where there are none yet. A repeat changes nothing."""
    if TicketClock.objects.exists():
        return
    always = {"valid_from": ALWAYS, "source": DEFAULT_SOURCE, "set_by": "homeground"}
    TicketClock.objects.bulk_create(
        TicketClock(queue=queue, is_complaint=grave, minutes=minutes, **always)
        for (queue, grave), minutes in DEFAULT_MINUTES.items()
    )
    SortingRule.objects.create(words=GRAVE_WORDS, topic=Topic.COMPLAINT, set_by="homeground")


class _Takers:
    """Who takes which matter: the group's own expert, else the least busy of the queue, counting as it deals."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        day = time.day_of(max(one.at for one in matters), people.brand().time_zone)
        self.load = {(queue, staff): count for queue, staff, count in takers_of(day)}
        chats = {one.chat_id for one in matters if one.chat_id}
        experts = GroupChat.objects.filter(chat_id__in=chats, expert__isnull=False)
        self.experts = dict(experts.values_list("chat_id", "expert"))

    def of(self, matter: Matter) -> int | None:
        """The member of staff; None while the queue has nobody."""
        if matter.staff_id:
            return matter.staff_id
        expert = self.experts.get(matter.chat_id)
        if matter.queue == Queue.EXPERT and (Queue.EXPERT.value, expert) in self.load:
            return self._give(matter.queue, expert)
        free = [(count, staff) for (queue, staff), count in self.load.items() if queue == matter.queue]
        return self._give(matter.queue, min(free)[1]) if free else None

    def _give(self, queue: str, staff: int | None) -> int | None:
        if staff is not None:
            self.load[queue, staff] += 1
        return staff


def _columns(matters: Sequence[Matter], takers: _Takers) -> dict[str, list[object]]:
    minutes = _minutes(max(one.at for one in matters))
    return {
        "customers": [one.customer_id for one in matters],
        "queues": [one.queue for one in matters],
        "complaints": [one.is_complaint for one in matters],
        "texts": [one.text for one in matters],
        "places": [one.place for one in matters],
        "chats": [one.chat_id for one in matters],
        "ats": [one.at for one in matters],
        "dues": [one.at + timedelta(minutes=minutes[Queue(one.queue), one.is_complaint]) for one in matters],
        "staff": [takers.of(one) for one in matters],
    }


def _minutes(at: datetime) -> dict[tuple[Queue, bool], int]:
    """The deadlines that hold at a moment."""
    rows = TicketClock.objects.filter(valid_from__lte=at).order_by("valid_from", "pk")
    return DEFAULT_MINUTES | {(Queue(row.queue), row.is_complaint): row.minutes for row in rows}


def _open_one(ticket_id: int) -> Ticket:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if ticket.closed_at:
        raise TicketRefused(_("这张工单已经结了。需要继续处理请先重新打开。"))
    return ticket


def _note(ticket: Ticket, by: str, text: str, at: datetime | None) -> TicketNote:
    if not text.strip():
        raise TicketRefused(_("记录不能为空。"))
    return TicketNote.objects.create(ticket=ticket, by=by, text=text.strip()[:2000], at=at or time.now())


def _added(matter: Matter, ticket_id: int, by: str) -> TicketNote:
    who = by if matter.place == "hand" else _("客户")
    return TicketNote(ticket_id=ticket_id, by=who, text=matter.text[:2000], at=matter.at, message_id=matter.message_id)


def _opened(matter: Matter, ticket_id: int) -> TicketOpened:
    return TicketOpened(
        customer_id=matter.customer_id,
        ticket_id=ticket_id,
        queue=matter.queue,
        is_complaint=matter.is_complaint,
        happened_at=matter.at,
        cause=str(ticket_id),
    )


def _closed(ticket: Ticket) -> TicketClosed:
    moment = ticket.closed_at or time.now()
    return TicketClosed(
        customer_id=ticket.customer_id,
        ticket_id=ticket.pk,
        queue=ticket.queue,
        was_late=moment > ticket.due_at,
        happened_at=moment,
        cause=f"{ticket.pk}:{moment.isoformat()}",
    )
