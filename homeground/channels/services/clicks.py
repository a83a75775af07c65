"""What customers do with a message where we can see it: a link followed, a mail opened."""

from datetime import datetime
from typing import Any

from homeground.channels.errors import TokenRefused
from homeground.channels.models import Channel, Link
from homeground.channels.tokens import Trace
from homeground.core import time
from homeground.events.catalog.channels import MessageClicked, MessageOpened
from homeground.events.services import record


def target_of(trace: Trace) -> str:
    """Where a traced link leads. Raises TokenRefused when the link is no more."""
    url = Link.objects.filter(pk=trace.link_id).values_list("url", flat=True).first()
    if url is None:
        raise TokenRefused
    return str(url)


def record_click(trace: Trace, url: str, at: datetime | None = None) -> None:
    """One click: every one counts, but a second within the same minute is the same (double taps, reloads).

    A link that everybody got the same tells which campaign it was of, and not who followed it.
    """
    if trace.touch_id:
        record(MessageClicked(**_common(trace, at or time.now()), url=url))
    elif trace.campaign_id:
        record(MessageClicked(**_common(trace, at or time.now()) | {"customer_id": None, "cause": None}, url=url))


def record_open(trace: Trace, at: datetime | None = None) -> None:
    """One opening of a mail, by its picture; once a minute."""
    if trace.touch_id:
        record(MessageOpened(**_common(trace, at or time.now())))


def _common(trace: Trace, moment: datetime) -> dict[str, Any]:
    return {
        "customer_id": trace.customer_id,
        "touch_id": trace.touch_id,
        "channel": slug_of(trace),
        "campaign_id": trace.campaign_id or None,
        "happened_at": moment,
        "cause": f"{trace.touch_id}:{trace.link_id}:{int(moment.timestamp()) // 60}",
    }


def slug_of(trace: Trace) -> str:
    """The channel's slug. Raises TokenRefused when there is no such channel."""
    slug = Channel.objects.filter(pk=trace.channel_id).values_list("slug", flat=True).first()
    if slug is None:
        raise TokenRefused
    return str(slug)
