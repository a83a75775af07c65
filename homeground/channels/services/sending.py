"""Sending: ready each message, keep the rate, hand over to the kind, and say what became of each."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from time import sleep
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext as _

from homeground.channels import links
from homeground.channels.kinds import KINDS
from homeground.channels.messages import Message, Outcome, Outgoing, Reason, failed, unknown, with_opt_out
from homeground.channels.models import Channel
from homeground.channels.queries import receipts_url
from homeground.channels.tokens import Trace, token_of
from homeground.core import time
from homeground.core.env import env
from homeground.events.catalog.channels import MessageAssigned, MessageFailed, MessageSent
from homeground.events.facts import Fact
from homeground.events.services import record
from homeground.people import queries as people

_log = logging.getLogger(__name__)


def send(channel: Channel, outgoing: Sequence[Outgoing], at: datetime | None = None) -> list[Outcome]:
    """Send each message once and say what became of it, in the order given. Call it with no transaction open.

    at: when it counts as sent; None: now. Records message_sent, message_assigned and message_failed, once a touch;
    nothing for a failure that may be tried again, for unknown outcomes, and for test messages (touch 0).
    Trouble of the channel is an outcome, never an exception.
    """
    moment = at or time.now()
    messages = _prepare(channel, outgoing, moment)
    outcomes = [outcome for part in _parts(channel, messages) for outcome in _deliver(channel, part)]
    record(*_facts(channel, outgoing, outcomes, moment))
    return outcomes


def send_test(channel: Channel, address: str) -> Outcome:
    """One test message, traced and with a way to opt out; it counts nowhere. A channel that is off sends it too."""
    outgoing = Outgoing(
        touch_id=0,
        customer_id=0,
        address=address,
        subject=_("测试消息"),
        body=_("这是一条测试消息，用来确认渠道可以送达。点开看看：%s") % f"{env.base_url}/",
        campaign_id=None,
        is_promotion=True,
        key=f"test-{uuid4()}",
    )
    return _hand_over(channel, _prepare(channel, [outgoing], time.now()))[0]


def shared_text(channel: Channel, body: str, *, campaign_id: int, is_promotion: bool) -> str:
    """What everybody of a campaign reads alike: its links and its way to opt out name the campaign, and nobody."""
    trace = Trace(channel.pk, 0, campaign_id, 0)
    said = links.traced(body, trace, links.ids_of(links.urls_of(body)))
    return with_opt_out(said, links.opt_out_url(trace) if is_promotion else "")


def known(channel: Channel, sent: Mapping[str, int]) -> dict[str, Outcome]:
    """What the channel can tell of keys given to it earlier, each with its touch; a missing key stays unknown."""
    kind = KINDS[channel.kind]
    taken = kind.known(channel.settings, sent)
    return {key: _known(sent[key], was_taken, kind.is_shared) for key, was_taken in taken.items()}


def _known(touch_id: int, was_taken: bool, is_shared: bool) -> Outcome:
    if not was_taken:
        return Outcome(touch_id, "failed", Reason.NO_ANSWER, may_retry=True)
    return Outcome(touch_id, "assigned" if is_shared else "sent")


def _prepare(channel: Channel, outgoing: Sequence[Outgoing], at: datetime) -> list[Message]:
    known_links = links.ids_of({url for one in outgoing for url in links.urls_of(one.body)})
    sender = people.brand().name
    return [_message(channel, one, known_links, sender, at) for one in outgoing]


def _message(channel: Channel, one: Outgoing, known_links: Mapping[str, int], sender: str, at: datetime) -> Message:
    is_shared = KINDS[channel.kind].is_shared  # One text for all: its links name the campaign, and nobody.
    person = (0, 0) if is_shared else (one.touch_id, one.customer_id)
    trace = Trace(channel.pk, person[0], one.campaign_id or 0, person[1])
    opt_out_url = links.opt_out_url(trace) if one.is_promotion else ""
    return Message(
        touch_id=one.touch_id,
        key=one.key,
        reference=token_of(trace, "receipt"),
        address=one.address,
        subject=one.subject,
        body=links.traced(one.body, trace, known_links),
        opt_out_url=opt_out_url,
        pixel_url=links.pixel_url(trace),
        sender=sender,
        receipts_url=receipts_url(channel.slug),
        at=at,
        channel=channel.slug,
        campaign_id=one.campaign_id,
        attachments=one.attachments,
        expires_at=one.expires_at,
    )


def _parts(channel: Channel, messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    """Batches of the kind's size; with a rate, of one second's worth, each when its turn has come."""
    rate, size = channel.rate_per_second, KINDS[channel.kind].batch
    size = min(size, rate) if rate else size
    for start in range(0, len(messages), size):
        part = messages[start : start + size]
        if rate:
            sleep(_wait_seconds(channel, len(part) / rate))
        yield part


def _wait_seconds(channel: Channel, seconds: float) -> float:
    """Take the next free stretch of the channel's time; how long until it begins. All processes queue in one row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_channel"
            " SET paced_until = greatest(paced_until, clock_timestamp()) + %s * interval '1 second'"
            " WHERE id = %s RETURNING extract(epoch FROM paced_until - clock_timestamp()) - %s",
            [seconds, channel.pk, seconds],
        )
        return max(0.0, float(cursor.fetchone()[0]))


def _deliver(channel: Channel, messages: Sequence[Message]) -> list[Outcome]:
    if not channel.is_enabled:
        return [failed(message, Reason.CHANNEL_OFF, may_retry=True) for message in messages]
    return _hand_over(channel, messages)


def _hand_over(channel: Channel, messages: Sequence[Message]) -> list[Outcome]:
    settings = channel.settings
    if not KINDS[channel.kind].form(settings).is_valid():
        return [failed(message, Reason.BAD_SETTINGS, may_retry=True) for message in messages]
    outcomes: list[Outcome] = []
    try:
        for outcome in KINDS[channel.kind].deliver(settings, messages):
            outcomes.append(outcome)
    except Exception as error:  # What had gone out by then is not known: say so rather than send again.
        _log.exception("channel %s broke off", channel.slug)
        outcomes += [unknown(message, type(error).__name__) for message in messages[len(outcomes) :]]
    return outcomes


def _facts(channel: Channel, outgoing: Sequence[Outgoing], outcomes: Sequence[Outcome], at: datetime) -> Iterator[Fact]:
    for one, outcome in zip(outgoing, outcomes, strict=True):
        if one.touch_id and outcome.state != "unknown" and not outcome.may_retry:
            yield _fact(channel, one, outcome, at)


def _fact(channel: Channel, one: Outgoing, outcome: Outcome, at: datetime) -> Fact:
    touch = str(one.touch_id)
    common: dict[str, Any] = {
        "customer_id": one.customer_id,
        "touch_id": one.touch_id,
        "channel": channel.slug,
        "campaign_id": one.campaign_id,
        "happened_at": at,
    }
    if outcome.state == "failed":
        return MessageFailed(**common, reason=outcome.reason, cause=touch)
    if outcome.state == "assigned":
        return MessageAssigned(**common, cause=f"{touch}:assigned")
    return MessageSent(**common, cause=touch)
