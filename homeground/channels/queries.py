"""What others read of channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from homeground.channels.kinds import SHARED
from homeground.channels.models import Channel
from homeground.core import time
from homeground.core.env import env
from homeground.events import warehouse
from homeground.people import queries as people
from homeground.people.models import Consent
from homeground.wecom.queries import mass

SQL = Path(__file__).parent / "sql"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Counts:
    """What one channel did in a stretch of time. opt_outs: customers, on this channel alone."""

    channel: str
    sent: int
    failed: int
    opt_outs: int


@dataclass(frozen=True)
class Standing:
    """What a customer last said about promotions on a channel."""

    is_out: bool
    is_everywhere: bool  # Whether that last word was about all channels.


def channel(slug: str) -> Channel:
    """The channel of this slug. Raises Channel.DoesNotExist."""
    return Channel.objects.get(slug=slug)


def receipts_url(slug: str) -> str:
    """Where a gateway tells what became of this channel's messages."""
    return f"{env.base_url}/channels/receipts?channel={slug}"


def addresses(channel: Channel, customer_ids: Sequence[int]) -> dict[int, str]:
    """Where this channel reaches these customers (survivors); whom it cannot reach is left out."""
    if channel.kind in SHARED:
        return mass.addresses(customer_ids)
    found = people.addresses(customer_ids, channel.address_kinds)
    return {customer: value for customer, (_kind, value) in found.items()}


def last_week(at: datetime | None = None) -> Mapping[str, Counts]:
    """By channel, what the last seven days until `at` brought; channels with nothing are missing."""
    until = at or time.now()
    found = warehouse.rows(Counts, SQL / "last_week.sql", since=until - WEEK, until=until)
    return {counts.channel: counts for counts in found}


def standing(customer_id: int, slug: str) -> Standing:
    """The customer's newest decision on promotions that bears on this channel; nothing said is not out.

    Of two at one moment, the withdrawal counts.
    """
    newest = (
        Consent.objects.filter(
            customer_id__in=people.ids_of(customer_id), purpose=Consent.Purpose.PROMOTION, channel__in=[slug, "*"]
        )
        .order_by("-decided_at", "is_granted")
        .first()
    )
    if newest is None:
        return Standing(is_out=False, is_everywhere=False)
    return Standing(is_out=not newest.is_granted, is_everywhere=newest.channel == "*")
