"""Whom a member may see: their own friends, those of the members they cover, and for leads everybody."""

from collections.abc import Sequence
from typing import Any

from homeground.people.models import Identity
from homeground.people.queries import survivor_of
from homeground.service.models import Task, Ticket
from homeground.wecom.models import Follow

LEADS = "service.lead_team"
READERS = "service.read_chats"


def sees_customer(user: Any, members: Sequence[int], ids: Sequence[int]) -> bool:
    """Whether this user may open a person's card: a lead; or who answers for members with that friend, task or ticket.

    ids: all of the person's.
    """
    if user.has_perm(LEADS):
        return True
    theirs = {"staff_id__in": members, "customer_id__in": ids}
    return (
        Follow.objects.filter(staff_id__in=members, contact__customer_id__in=ids, ended_at=None).exists()
        or Task.objects.filter(**theirs, state=Task.State.OPEN).exists()
        or Ticket.objects.filter(**theirs, closed_at=None).exists()
    )


def reads_chats_of(user: Any, members: Sequence[int]) -> Sequence[int] | None:
    """The members whose talks may be read by a user who answers for these; None for everybody's."""
    return None if user.has_perm(READERS) else members


def customer_of_external(external_userid: str) -> int | None:
    """The person behind an external_userid, by contact or identity; None for a stranger."""
    found = Identity.objects.filter(kind="wecom_external", value=external_userid).values_list("customer_id", flat=True)
    customer = found.first()
    return survivor_of(customer) if customer else None
