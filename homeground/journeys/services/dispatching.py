"""Dispatch: claim a batch, commit, call the channel, write down what became of it; until nothing is due.

A touch's key is stored before the channel is called. Whoever dies in between leaves the touch `sending`; the next
dispatch asks the channel about the key, and what it cannot tell stays `unknown`: it is never sent again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _

from homeground.channels import queries as channels
from homeground.channels import services as sending
from homeground.channels.kinds import KINDS, SHARED
from homeground.channels.messages import Reason, reason_of
from homeground.channels.models import Channel
from homeground.content.models import Wording
from homeground.content.services import Rendered, platform_attachments, render
from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.events.catalog.channels import MessageAssigned, MessageSent
from homeground.events.services import record
from homeground.journeys.errors import BeingSent
from homeground.journeys.models import Campaign, State, Touch, TouchState
from homeground.journeys.services import arbiter, groups, guard
from homeground.journeys.services.campaigns import queue_withdrawal
from homeground.journeys.services.settling import Fate, settle
from homeground.people import queries as people

BATCH = 500
_DUE = (guard.SQL / "due.sql").read_text()
_USES = {"wecom_mass": "mass", "wecom_moments": "moments"}  # What attachments are uploaded for.
# What may go out is claimed in the same breath: its key is stored before anybody calls the channel.
_CLAIM = """
UPDATE journeys_touch AS t SET
    state = CASE v.state WHEN 'queued' THEN 'sending' ELSE v.state END, reason = v.reason, detail = v.detail,
    due_at = CASE v.state WHEN 'deferred' THEN v.due_at ELSE t.due_at END,
    first_due_at = CASE v.state WHEN 'deferred' THEN c.waits_from ELSE t.first_due_at END,
    key = CASE v.state WHEN 'queued' THEN coalesce(t.key, gen_random_uuid()) ELSE t.key END,
    sent_at = CASE v.state WHEN 'queued' THEN %(at)s::timestamptz ELSE t.sent_at END,
    attempts = t.attempts + (v.state = 'queued')::int
FROM guard_verdict v JOIN guard_candidate c ON c.id = v.id AND c.is_own
WHERE t.id = v.id
RETURNING t.id, t.customer_id, t.channel, t.state, t.key, t.expires_at
"""
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
    expires_at: datetime | None


def dispatch(campaign_id: int, at: datetime | None = None, after_batch: Callable[[int], None] | None = None) -> int:
    """Send what is due of a campaign that is being sent, batch after batch. Returns how many touches were handed over.

    at: the business moment; None: now, anew for each batch. after_batch is told how many each batch handed over.
    Stops when nothing is due, or when somebody pauses or cancels. Call it with no transaction open.
    Raises BeingSent when another process is at it.
    """
    handed_over = 0
    with _alone(campaign_id):
        if Campaign.objects.filter(pk=campaign_id, groups__isnull=False).exists():
            return _to_groups(campaign_id, at or time.now(), after_batch)
        _settle_orphans(campaign_id, at or time.now())
        while (claimed := _claim(campaign_id, at or time.now())) is not None:
            _send(campaign_id, claimed, at or time.now())
            handed_over += len(claimed)
            if after_batch:
                after_batch(len(claimed))
        _finish(campaign_id, at or time.now())
    return handed_over


def _to_groups(campaign_id: int, at: datetime, after_batch: Callable[[int], None] | None) -> int:
    handed_over = groups.send_due(campaign_id, at, after_batch)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        if campaign.state == State.CANCELLED and groups.is_placed(campaign_id):
            queue_withdrawal(campaign_id)  # Placed while it was being cancelled.
        if campaign.state == State.SENDING and groups.is_done(campaign_id):
            _end(campaign, at)
    return handed_over


def next_due_at(campaign_id: int) -> datetime | None:
    """When the next touch that still has to go out is due; None: there is none."""
    if (first := groups.next_due_at(campaign_id)) is not None:
        return first
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
        # Walkers may be queued meanwhile, under a key share of the row; a pause or a cancellation waits.
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        if campaign.state != State.SENDING:
            return None
        guard.open_candidates(few=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
            cursor.execute(_DUE, _due(campaign, at))
            if not cursor.rowcount:
                return None
            arbiter.add_rivals(campaign, at)
            guard.judge_candidates(at)
            arbiter.arbitrate(at)
            cursor.execute(_CLAIM, {"at": at})
            judged = cursor.fetchall()
        return _with_addresses([row for row in judged if row[3] == TouchState.SENDING])


def _due(campaign: Campaign, at: datetime) -> dict[str, Any]:
    size = _batch_size(campaign)
    return {"campaign_id": campaign.pk, "at": at, "size": size, "frozen_at": campaign.frozen_at}


def _batch_size(campaign: Campaign) -> int:
    used = Channel.objects.filter(slug__in=guard.channels_of(campaign))
    if shared := SHARED & set(used.values_list("kind", flat=True)):
        return min(KINDS[kind].batch for kind in shared)  # One text for all: as many as fit into one call.
    rates = used.filter(rate_per_second__gt=0)
    slowest = min(rates.values_list("rate_per_second", flat=True), default=BATCH)
    return min(BATCH, slowest * 10)  # A pause takes effect within ten seconds.


def _with_addresses(rows: Sequence[tuple[int, int, str, str, UUID, datetime | None]]) -> list[Claimed]:
    roots = people.survivors(customer for _id, customer, *_rest in rows)
    found = {
        slug: channels.addresses(channels.channel(slug), [roots[row[1]] for row in rows if row[2] == slug])
        for slug in {row[2] for row in rows}
    }
    # An address that went away this very moment is empty, and the channel refuses it.
    return [
        Claimed(pk, roots[customer], channel, key, found[channel].get(roots[customer], ""), expires_at)
        for pk, customer, channel, _state, key, expires_at in rows
    ]


def _send(campaign_id: int, claimed: Sequence[Claimed], at: datetime) -> None:
    campaign = Campaign.objects.select_related("message").get(pk=campaign_id)
    for slug in sorted({one.channel for one in claimed}):
        batch = [one for one in claimed if one.channel == slug]
        said = zip(batch, _outcomes(campaign, slug, batch, at), strict=True)
        settle(campaign_id, [Fate(one.id, one.key, it.state, it.reason, it.may_retry) for one, it in said], at)


def _outcomes(campaign: Campaign, slug: str, batch: Sequence[Claimed], at: datetime) -> list[sending.Outcome]:
    """What became of a batch. Files that could not be uploaded: nothing went out, and another try may do better."""
    try:
        outgoing = _outgoing(campaign, batch)
    except BusinessError as trouble:
        reason = reason_of(Reason.BAD_MESSAGE, str(trouble))
        return [sending.Outcome(one.id, "failed", reason, may_retry=True) for one in batch]
    return sending.send(channels.channel(slug), outgoing, at=at)


def _outgoing(campaign: Campaign, batch: Sequence[Claimed]) -> list[sending.Outgoing]:
    texts = _texts(campaign, [one.customer_id for one in batch])
    attachments = platform_attachments(campaign.attachments, _USES[kind]) if (kind := _shared(campaign)) else []
    expires_at = _expiry(campaign, batch)
    return [
        sending.Outgoing(
            touch_id=one.id,
            customer_id=one.customer_id,
            address=one.address,
            subject=texts[one.customer_id].subject,
            body=texts[one.customer_id].body,
            campaign_id=campaign.pk,
            is_promotion=bool(campaign.is_promotion),
            key=str(one.key),
            attachments=attachments,
            expires_at=expires_at,
        )
        for one in batch
    ]


def _expiry(campaign: Campaign, batch: Sequence[Claimed]) -> datetime:
    """Until when staff may confirm: one task for the batch, so the latest of its walkers'; a campaign's window."""
    assert campaign.frozen_at
    ends = [one.expires_at for one in batch if one.expires_at]
    return max(ends, default=campaign.frozen_at + timedelta(days=campaign.window_days))


def _texts(campaign: Campaign, customer_ids: Sequence[int]) -> Mapping[int, Rendered]:
    """What each of them reads; of a text that is one for all, filled once."""
    wording = Wording(campaign.message.channel_kind, campaign.subject, campaign.body)
    if _shared(campaign):
        return dict.fromkeys(customer_ids, render(wording, customer_ids[:1])[customer_ids[0]])
    return render(wording, customer_ids)


def _shared(campaign: Campaign) -> str:
    """The kind of channel that takes one text for all; empty for others."""
    return str(campaign.message.channel_kind) if campaign.message.channel_kind in SHARED else ""


def _settle_orphans(campaign_id: int, at: datetime) -> None:
    """What a dispatcher that died had under way: we hold the lock, so nobody else has."""
    orphans = Touch.objects.filter(campaign=campaign_id, state=TouchState.SENDING)
    for slug in list(orphans.order_by().values_list("channel", flat=True).distinct()):
        touches = list(orphans.filter(channel=slug))
        told = sending.known(channels.channel(slug), {str(touch.key): touch.pk for touch in touches})
        settle(campaign_id, [_told(touch, told.get(str(touch.key))) for touch in touches], at)
        taken = [(touch, said.state) for touch in touches if (said := told.get(str(touch.key)))]
        record(*(_taken(touch, state) for touch, state in taken if state in ("sent", "assigned")))


def _told(touch: Touch, said: sending.Outcome | None) -> Fate:
    key = touch.key or UUID(int=0)
    return Fate(touch.pk, key, said.state, said.reason, said.may_retry) if said else Fate(touch.pk, key, "unknown")


def _taken(touch: Touch, state: str) -> MessageSent | MessageAssigned:
    # The same name, cause and day as the channel would have told it with: told twice it is one event.
    common: dict[str, Any] = {
        "customer_id": touch.customer_id,
        "touch_id": touch.pk,
        "channel": touch.channel,
        "campaign_id": touch.campaign_id,
        "happened_at": touch.sent_at,
    }
    if state == "assigned":
        return MessageAssigned(**common, cause=f"{touch.pk}:assigned")
    return MessageSent(**common, cause=str(touch.pk))


def _finish(campaign_id: int, at: datetime) -> None:
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        if campaign.version_id or campaign.state != State.SENDING:
            return  # A journey's message sends as long as the journey does.
        waiting = Q(state__in=(TouchState.QUEUED, TouchState.DEFERRED, TouchState.SENDING, TouchState.ASSIGNED))
        shared = Channel.objects.filter(kind__in=SHARED).values_list("slug", flat=True)
        waiting |= Q(state=TouchState.UNKNOWN, channel__in=shared)  # The platform's record will tell.
        if not campaign.touches.filter(waiting).exists():
            _end(campaign, at)


def _end(campaign: Campaign, at: datetime) -> None:
    campaign.state, campaign.finished_at = State.SENT, at
    campaign.save(update_fields=["state", "finished_at"])


def campaigns_due(at: datetime) -> list[int]:
    """Campaigns being sent that have something to do: due, left under way by a crash, or (planned ones) all done."""
    touches = Touch.objects.filter(campaign=OuterRef("pk"))
    waiting = touches.filter(state__in=(TouchState.QUEUED, TouchState.DEFERRED))
    due = Exists(waiting.filter(due_at__lte=at)) | Exists(touches.filter(state=TouchState.SENDING))
    found = Campaign.objects.filter(due | Q(version=None) & ~Exists(waiting), state=State.SENDING)
    return sorted({*found.values_list("pk", flat=True), *groups.under_way_though_cancelled()})
