"""Small worlds for the tests of the staff's day: staff, friends and messages, with their moments given."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from homeground.people.models import Customer, Identity
from homeground.service.services.chats import ChatMessageGiven, receive
from homeground.wecom.models import ExternalContact, Follow, Staff

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # A Tuesday, 12:00 in Shanghai.
LONG_AGO = NOON - timedelta(days=400)
_numbers = count(1)


def minutes(number: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def make_staff(userid: str = "li", **more: Any) -> Staff:
    return Staff.objects.create(userid=userid, name=more.pop("name", userid), **more)


def make_friend(staff: Staff | None, external: str = "wm1", name: str = "小明", **more: Any) -> ExternalContact:
    """A contact whom we know as a customer, and a friend of this member."""
    customer = Customer.objects.create(name=name)
    Identity.objects.create(customer=customer, kind="wecom_external", value=external)
    contact = ExternalContact.objects.create(external_userid=external, customer=customer, name=name)
    if staff:
        befriend(staff, contact, **more)
    return contact


def befriend(staff: Staff, contact: ExternalContact, **more: Any) -> Follow:
    return Follow.objects.create(staff=staff, contact=contact, **{"began_at": LONG_AGO, "seen_at": NOON} | more)


def said(external: str, at: float, userid: str = "li", **more: Any) -> ChatMessageGiven:
    """A customer's message, so many minutes after noon."""
    return _given(True, external, at, userid, more)


def answered(external: str, at: float, userid: str = "li", **more: Any) -> ChatMessageGiven:
    """A member's message, so many minutes after noon."""
    return _given(False, external, at, userid, more)


def _given(is_from_customer: bool, external: str, at: float, userid: str, more: dict[str, Any]) -> ChatMessageGiven:
    fields = {"msgid": f"m{next(_numbers)}", "text": "在吗", "source": "archive"} | more
    return ChatMessageGiven(
        is_from_customer=is_from_customer, at=minutes(at), userid=userid, external_userid=external, **fields
    )


def tell(*messages: ChatMessageGiven) -> int:
    return receive(messages)
