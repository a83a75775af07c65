"""Small worlds for tests of doors: made through services, with all their moments given."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from homeground.commerce.models import Order
from homeground.events.facts import Event, Fact
from homeground.growth.given import DoorGiven, GroupGiven, ShiftGiven, WelcomeGiven
from homeground.growth.models import Door, Source
from homeground.growth.services import doors
from homeground.people.models import Customer
from homeground.wecom.models import ExternalContact, Follow, GroupChat, GroupMember, Staff

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # A Tuesday, 12:00 in Shanghai.
LONG_AGO = NOON - timedelta(days=400)
_numbers = count(1)


def make_staff(name: str, **fields: Any) -> Staff:
    return Staff.objects.create(userid=name.lower(), name=name, **fields)


def make_source(name: str = "小红书", kind: str = "content", **fields: Any) -> Source:
    return Source.objects.create(name=name, kind=kind, **fields)


def make_group(name: str, members: int = 0) -> GroupChat:
    chat = GroupChat.objects.create(chat_id=f"wr-{name}", name=name, seen_at=NOON)
    join(chat, members)
    return chat


def join(chat: GroupChat, members: int) -> None:
    GroupMember.objects.bulk_create(
        GroupMember(chat=chat, member_id=f"wm-{next(_numbers)}", is_external=True, joined_at=NOON)
        for _member in range(members)
    )


def make_customer(name: str = "", **fields: Any) -> Customer:
    return Customer.objects.create(**{"name": name, "source": "wecom", "created_at": LONG_AGO} | fields)


def make_contact(customer: Customer, name: str = "") -> ExternalContact:
    return ExternalContact.objects.create(external_userid=f"wm-{next(_numbers)}", customer=customer, name=name)


def make_follow(customer: Customer, staff: Staff, at: datetime = NOON, **more: Any) -> Follow:
    return Follow.objects.create(staff=staff, contact=make_contact(customer), began_at=at, seen_at=at, **more)


def make_order(customer: Customer, at: datetime, amount: int = 10_000) -> Order:
    return Order.objects.create(
        order_no=f"o-{next(_numbers)}", customer=customer, source="shop", currency="CNY", amount_minor=amount,
        paid_at=at, content_hash="",
    )  # fmt: skip


def given(**more: Any) -> DoorGiven:
    return DoorGiven(**{"kind": "live_code", "name": "收银台"} | more)


def make_door(at: datetime = NOON, **more: Any) -> Door:
    return doors.save_door(given(**more), by="店长", may_skip_verify=True, at=at)


def shift(
    *staff: Staff, days: tuple[int, ...] = tuple(range(7)), start: int = 9 * 60, end: int = 18 * 60
) -> ShiftGiven:
    return ShiftGiven(days, start, end, tuple(one.pk for one in staff))


def group(chat: GroupChat, limit: int = 200) -> GroupGiven:
    return GroupGiven(chat.pk, limit)


def welcome(text: str = "你好", **more: Any) -> WelcomeGiven:
    return WelcomeGiven(text, **more)


def event(name: str, customer: Customer, at: datetime = NOON, **properties: Any) -> Event:
    """An event as handlers see it, with a number of its own."""
    return Event(next(_numbers), name, customer.pk, at, at, "wecom", (), properties)


def added(customer: Customer, door: Door, userid: str, at: datetime = NOON) -> Event:
    return event("wecom.friend_added", customer, at, userid=userid, state=door.token)


def joined(customer: Customer, door: Door, chat: GroupChat, at: datetime = NOON) -> Event:
    return event("wecom.group_joined", customer, at, chat_id=chat.chat_id, state=door.token)


def facts(kind: type[Fact]) -> list[dict[str, Any]]:
    """The properties of the facts of one kind on the stream, as told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT properties::text FROM stream_event WHERE name = %s ORDER BY id", [kind.name])
        return [json.loads(text) for (text,) in cursor.fetchall()]
