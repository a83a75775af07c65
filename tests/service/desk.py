"""Staff, customers and messages for the tests of queues and tickets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import count

from django.db import connection

from homeground.people.models import Customer
from homeground.service.models import ChatMessage, Queue
from homeground.service.services import experts, tickets
from homeground.wecom.models import GroupChat, Staff

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)  # Noon in Shanghai, a Monday.
_number = count(1)


def make_staff(name="小林", **fields):
    return Staff.objects.create(userid=f"staff{next(_number)}", name=name, **fields)


def make_customer(name="王女士"):
    return Customer.objects.create(name=name)


def make_group(expert=None):
    return GroupChat.objects.create(chat_id=f"wr{next(_number)}", name="护肤交流群", expert=expert, seen_at=NOON)


def make_expert(*, expires_on=date(2030, 1, 1), name="营养师小陈"):
    staff = make_staff(name)
    experts.add_credential(
        staff.pk,
        title="公共营养师",
        number=str(next(_number)),
        issuer="人社部",
        issued_on=date(2020, 1, 1),
        expires_on=expires_on,
        by="boss",
        at=NOON,
    )
    return staff


def join_queue(queue, *staff):
    tickets.set_members(Queue(queue), [one.pk for one in staff])


def say(text, *, customer=None, place="chat", group=None, at=NOON):
    return ChatMessage.objects.create(
        msgid=f"m{next(_number)}",
        place=place,
        customer=customer or make_customer(),
        chat_id=group.chat_id if group else "",
        is_from_customer=True,
        text=text,
        at=at,
        source="test",
    )


def in_threads(count: int, work: Callable[[int], object]) -> None:
    """Do the work in so many threads at once, each on a connection of its own."""

    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        list(threads.map(run, range(count)))
