"""Dispatch: claim a batch, commit, call the channel, write down what became of it; until nothing is due.

A touch's key is stored before the channel is called. Whoever dies in between leaves the touch `sending`; the next
dispatch asks the channel about the key, and what it cannot tell stays `unknown`: it is never sent again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from homeground.channels import queries as channels
from homeground.channels import services as sending
from homeground.channels.models import Channel
from homeground.content.models import Wording
from homeground.content.services import Rendered, render
from homeground.core import time
from homeground.events.catalog.channels import MessageSent
from homeground.events.services import record
from homeground.journeys.errors import BeingSent
from homeground.journeys.models import Campaign, State, Touch, TouchState
from homeground.journeys.services import guard
from homeground.journeys.services.settling import Fate, settle
from homeground.people import queries as people

BATCH = 500
_DUE = (guard.SQL / "due.sql").read_text()
_CLAIMS = 0x636C616D  # "clam": claims go one at a time, so that no two campaigns take the last place under a cap.
_DISPATCH = 0x64697370  # "disp": with the campaign's id, who sends it now.


@dataclass(frozen=True)
class Claimed:
    """One touch that goes out now."""

    id: int
    customer_id: int
    channel: str
    key: UUID
    address: str


def dispatch(campaign_id: int, at: datetime | None = None, after_batch: Callable[[int], None] | None = None) -> int:
    """Send what is due of a campaign that is being sent, batch after batch. Returns how many touches were handed over.

    at: the business moment; None: now, anew for each batch. after_batch is told how many each batch handed over.
    Stops when nothing is due, or when somebody pauses or cancels. Call it with no transaction open.
    Raises BeingSent when another process is at it.
    """
    handed_over = 0
    with _alone(campaign_id):
        _settle_orphans(campaign_id, at or time.now())
        while (claimed := _claim(campaign_id, at or time.now())) is not None:
            _send(campaign_id, claimed, at or time.now())
            handed_over += len(claimed)
            if after_batch:
                after_batch(len(claimed))
        _finish(campaign_id, at or time.now())
    return handed_over


def next_due_at(campaign_id: int) -> datetime | None:
    """When the next touch that still has to go out is due; None: there is none."""
    waiting = Touch.objects.filter(campaign=campaign_id, state__in=(TouchState.QUEUED, TouchState.DEFERRED))
    moment: datetime | None = waiting.aggregate(first=Min("due_at"))["first"]
    return moment


@contextmanager
def _alone(campaign_id: int) -> Iterator[None]:
    # A lock of the connection: PostgreSQL lets go of it when the process dies.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_DISPATCH, campaign_id])
        if not cursor.fetchone()[0]:
            raise BeingSent(_("这个活动正由另一个进程发送。"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_DISPATCH, campaign_id])


def _claim(campaign_id: int, at: datetime) -> list[Claimed] | None:
    """The next batch, guarded and keyed; empty when the guard kept all of it back; None when there is no more to do."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        if campaign.state != State.SENDING:
            return None
        guard.open_candidates()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
            cursor.execute(_DUE, {"campaign_id": campaign_id, "at": at, "size": _batch_size(campaign)})
            if not cursor.rowcount:
                return None
        judged = guard.claim_candidates(campaign, at)
        return _with_addresses([row for row in judged if row[3] == TouchState.SENDING])


def _batch_size(campaign: Campaign) -> int:
    rates = Channel.objects.filter(slug__in=guard.channels_of(campaign), rate_per_second__gt=0)
    slowest = min(rates.values_list("rate_per_second", flat=True), default=BATCH)
    return min(BATCH, slowest * 10)  # A pause takes effect within ten seconds.


def _with_addresses(rows: Sequence[tuple[int, int, str, str, UUID]]) -> list[Claimed]:
    roots = people.survivors(customer for _id, customer, *_rest in rows)
    found = {
        slug: people.addresses([roots[row[1]] for row in rows if row[2] == slug], channels.channel(slug).address_kinds)
        for slug in {row[2] for row in rows}
    }
    return [
        Claimed(pk, roots[customer], channel, key, found[channel][roots[customer]][1])
        for pk, customer, channel, _state, key in rows
    ]


def _send(campaign_id: int, claimed: Sequence[Claimed], at: datetime) -> None:
    campaign = Campaign.objects.select_related("message").get(pk=campaign_id)
    wording = Wording(campaign.message.channel_kind, campaign.subject, campaign.body)
    for slug in sorted({one.channel for one in claimed}):
        batch = [one for one in claimed if one.channel == slug]
        texts = render(wording, [one.customer_id for one in batch])
        outgoing = [_outgoing(campaign, one, texts[one.customer_id]) for one in batch]
        outcomes = sending.send(channels.channel(slug), outgoing, at=at)
        said = zip(batch, outcomes, strict=True)
        settle(campaign_id, [Fate(one.id, one.key, it.state, it.reason, it.may_retry) for one, it in said], at)


def _outgoing(campaign: Campaign, one: Claimed, text: Rendered) -> sending.Outgoing:
    return sending.Outgoing(
        touch_id=one.id,
        customer_id=one.customer_id,
        address=one.address,
        subject=text.subject,
        body=text.body,
        campaign_id=campaign.pk,
        is_promotion=bool(campaign.is_promotion),
        key=str(one.key),
    )


def _settle_orphans(campaign_id: int, at: datetime) -> None:
    """What a dispatcher that died had under way: we hold the lock, so nobody else has."""
    orphans = Touch.objects.filter(campaign=campaign_id, state=TouchState.SENDING)
    for slug in list(orphans.order_by().values_list("channel", flat=True).distinct()):
        touches = list(orphans.filter(channel=slug))
        told = sending.known(channels.channel(slug), [str(touch.key) for touch in touches])
        settle(campaign_id, [_told(touch, told.get(str(touch.key))) for touch in touches], at)
        record(*(_sent(touch) for touch in touches if str(touch.key) in told and told[str(touch.key)].state == "sent"))


def _told(touch: Touch, said: sending.Outcome | None) -> Fate:
    key = touch.key or UUID(int=0)
    return Fate(touch.pk, key, said.state, said.reason, said.may_retry) if said else Fate(touch.pk, key, "unknown")


def _sent(touch: Touch) -> MessageSent:
    # The same name, cause and day as the channel would have told it with: told twice it is one event.
    return MessageSent(
        customer_id=touch.customer_id,
        touch_id=touch.pk,
        channel=touch.channel,
        campaign_id=touch.campaign_id,
        happened_at=touch.sent_at,
        cause=str(touch.pk),
    )


def _finish(campaign_id: int, at: datetime) -> None:
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        waiting = (TouchState.QUEUED, TouchState.DEFERRED, TouchState.SENDING)
        if campaign.state == State.SENDING and not campaign.touches.filter(state__in=waiting).exists():
            campaign.state, campaign.finished_at = State.SENT, at
            campaign.save(update_fields=["state", "finished_at"])


def campaigns_due(at: datetime) -> list[int]:
    """Campaigns being sent that have something to do: due, left under way by a crash, or all done."""
    sending_now = Campaign.objects.filter(state=State.SENDING).values_list("pk", flat=True)
    later = {pk for pk in sending_now if (due := next_due_at(pk)) and due > at and not _has_orphans(pk)}
    return [pk for pk in sending_now if pk not in later]


def _has_orphans(campaign_id: int) -> bool:
    return Touch.objects.filter(campaign=campaign_id, state=TouchState.SENDING).exists()
