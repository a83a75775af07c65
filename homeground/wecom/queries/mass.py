"""Mass sends and Moments as others ask about them: whom they can reach, how a campaign stands with staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from homeground.wecom.models import (
    MassSend,
    MassSendRecipient,
    Moment,
    MomentRecipient,
)

_SQL = Path(__file__).parent.parent / "sql"
_ADDRESSES = (_SQL / "mass_addresses.sql").read_text()
_MEMBERS = (_SQL / "mass_members.sql").read_text()
_FUNNEL = (_SQL / "mass_funnel.sql").read_text()


@dataclass(frozen=True)
class Member:
    """How many of some customers one member of staff would serve. staff_id None: nobody would."""

    staff_id: int | None
    name: str
    customers: int


@dataclass(frozen=True)
class StaffLine:
    """How one member got on with a campaign: customers, or groups of one to groups; the moments are the earliest.

    is_waiting: something of it still waits for this member's hand.
    """

    staff_id: int
    name: str
    userid: str
    assigned: int
    notified: int
    confirmed: int
    delivered: int
    failed: int
    notified_at: datetime | None
    confirmed_at: datetime | None
    is_waiting: bool


def addresses(customer_ids: Sequence[int]) -> dict[int, str]:
    """The external_userid by which WeCom reaches each customer: of an open follow by an active member.

    Customers without any are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, {"ids": list(customer_ids)})
        return {customer: external for customer, external, _staff in cursor.fetchall()}


def members(customer_ids: Sequence[int]) -> list[Member]:
    """Which member would serve how many of these customers, most first; those with none under staff_id None."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"ids": list(customer_ids)})
        return [Member(*row) for row in cursor.fetchall()]


def funnel(campaign_id: int) -> list[StaffLine]:
    """How each member of staff got on with a campaign's mass sends and posts, the most customers first."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNNEL, {"campaign_id": campaign_id})
        return [StaffLine(*row) for row in cursor.fetchall()]


def sends_of(campaign_id: int) -> QuerySet[MassSend]:
    """The mass sends of a campaign, oldest first."""
    return MassSend.objects.filter(campaign_id=campaign_id).order_by("asked_at", "pk")


def posts_of(campaign_id: int) -> QuerySet[Moment]:
    """The posts of a campaign, oldest first."""
    return Moment.objects.filter(campaign_id=campaign_id).order_by("asked_at", "pk")


def touch_of(campaign_id: int, external_userid: str) -> int | None:
    """The touch by which a campaign meant this contact; None when it did not."""
    sends = MassSendRecipient.objects.filter(mass_send__campaign_id=campaign_id, recipient=external_userid)
    posts = MomentRecipient.objects.filter(moment__campaign_id=campaign_id, contact__external_userid=external_userid)
    found = [*sends.values_list("touch_id", flat=True), *posts.values_list("touch_id", flat=True)]
    return max((touch for touch in found if touch is not None), default=None)
