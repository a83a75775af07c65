"""Whom a member may see: their own friends, those of the members they cover, and for leads everybody."""

from datetime import date
from typing import Any

from homeground.people.models import Identity
from homeground.people.queries import ids_of, survivor_of
from homeground.service.models import Task
from homeground.service.queries.day import covered
from homeground.wecom.models import Follow, Staff

LEADS = "service.lead_team"
READERS = "service.read_chats"


def sees_customer(user: Any, staff: Staff | None, customer_id: int, on: date) -> bool:
    """Whether this user may open a customer's card: a lead; or a member whose friend they are, or who has a task."""
    if user.has_perm(LEADS):
        return True
    if staff is None:
        return False
    ids, members = ids_of(customer_id), covered(staff, on)
    if Follow.objects.filter(staff_id__in=members, contact__customer_id__in=ids, ended_at=None).exists():
        return True
    return Task.objects.filter(staff_id__in=members, customer_id__in=ids, state=Task.State.OPEN).exists()


def reads_chats_of(user: Any, staff: Staff | None, on: date) -> list[int] | None:
    """The members whose talks this user may read; None for everybody's."""
    if user.has_perm(READERS):
        return None
    return covered(staff, on) if staff else []


def customer_of_external(external_userid: str) -> int | None:
    """The person behind an external_userid, by contact or identity; None for a stranger."""
    found = Identity.objects.filter(kind="wecom_external", value=external_userid).values_list("customer_id", flat=True)
    customer = found.first()
    return survivor_of(customer) if customer else None
