"""Withdrawing: stop what members have not published, by hand or because its time is over."""

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from homeground.core import time
from homeground.events.catalog.channels import MessageFailed, MessageWithdrawn, TouchFact
from homeground.events.services import record
from homeground.wecom.client import Api, WeComError, connect, moments
from homeground.wecom.errors import NothingToStop
from homeground.wecom.models import Moment

_SQL = Path(__file__).parents[2] / "sql"
_UNSEEN = (_SQL / "moment_unseen.sql").read_text()
_TOUCHES = (_SQL / "moment_touches.sql").read_text()
_GONE = (41060, 41093)  # No such post any more; stopped already.
_NOT_SEEN = "not_visible"


def cancel(post_id: int, at: datetime | None = None) -> Moment:
    """Stop what is not published yet; published parts stay. A repeat changes nothing.

    Touches that reached nobody's feed are told as withdrawn. Raises NothingToStop for a post that waits for nobody,
    NotConnected or the client's Failure with nothing changed.
    """
    post = Moment.objects.get(pk=post_id)
    if post.state == Moment.State.CANCELLED:
        return post
    if post.state != Moment.State.PLACED or not post.moment_id:
        raise NothingToStop
    _call_off(connect(), post)
    _end(post, at or time.now(), Moment.State.CANCELLED, "cancelled")
    post.refresh_from_db()
    return post


def withdraw_campaign(campaign_id: int, at: datetime | None = None) -> int:
    """Stop every post of a campaign that waits for staff. Returns how many; a repeat finds none."""
    waiting = Moment.objects.filter(campaign_id=campaign_id, state=Moment.State.PLACED).exclude(moment_id=None)
    return len([cancel(pk, at) for pk in waiting.values_list("pk", flat=True)])


def expire(api: Api, post: Moment, at: datetime) -> None:
    """End a post whose time is over; what is not published is stopped."""
    if post.is_ours and post.posts.filter(published_at=None).exists():
        _call_off(api, post)
    _end(post, at, Moment.State.DONE, "not_confirmed")


def fail(post: Moment, at: datetime, reason: str) -> None:
    """The platform did not make the post: its touches have failed. reason: as for a message, "refused: 41067 …"."""
    with transaction.atomic(), connection.cursor() as cursor:
        Moment.objects.filter(pk=post.pk).update(
            state=Moment.State.FAILED, error=reason[:200], ended_at=at, polled_at=at
        )
        cursor.execute(_TOUCHES, {"moment_id": post.pk})
        record(*(_failed(post, touch, customer, reason[:200], at) for touch, customer in cursor.fetchall()))


def _end(post: Moment, at: datetime, state: Moment.State, reason: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        Moment.objects.filter(pk=post.pk).update(state=state, ended_at=at, polled_at=at)
        cursor.execute(_UNSEEN, {"moment_id": post.pk})
        unseen = cursor.fetchall()
        record(*(_left(post, touch, customer, seen, reason, at) for touch, customer, seen in unseen))


def _call_off(api: Api, post: Moment) -> None:
    try:
        moments.cancel(api, str(post.moment_id))
    except WeComError as refusal:
        if refusal.code not in _GONE:
            raise


def _left(post: Moment, touch: int, customer: int, was_published: bool, reason: str, at: datetime) -> TouchFact:
    """Whose member published and who still cannot see it was not withdrawn: it did not get through."""
    if was_published:
        return _failed(post, touch, customer, _NOT_SEEN, at)
    return MessageWithdrawn(
        customer_id=customer,
        touch_id=touch,
        channel=post.channel,
        campaign_id=post.campaign_id,
        reason=reason,
        happened_at=at,
        cause=f"{touch}:withdrawn",
    )


def _failed(post: Moment, touch: int, customer: int, reason: str, at: datetime) -> MessageFailed:
    return MessageFailed(
        customer_id=customer,
        touch_id=touch,
        channel=post.channel,
        campaign_id=post.campaign_id,
        reason=reason,
        happened_at=at,
        cause=str(touch),
    )
