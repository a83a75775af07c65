"""Polling: who has to confirm, who has, and what reached whom. The platform calls back about none of it."""

from datetime import datetime, timedelta

from homeground.core import time
from homeground.wecom.client import Api, Failure, WeComError, connect
from homeground.wecom.models import MassSend, MassSendRecipient
from homeground.wecom.services.mass_sends.reading import GONE, NOT_READY, read_results
from homeground.wecom.services.mass_sends.withdrawing import end_withdrawn, expire
from homeground.wecom.services.notifying import notify_tasks

# How long after its placing a send is asked about how often: staff confirm at once, or much later.
_PACE = ((timedelta(hours=1), timedelta(minutes=1)), (timedelta(days=1), timedelta(minutes=10)))
_SLOWEST = timedelta(hours=1)
_SETTLES = timedelta(minutes=30)  # Of groups only those are told that were sent to: what is not by then, was not.
_SLACK = timedelta(seconds=30)  # A clock's tick that comes a little early still counts.


def poll(at: datetime | None = None, *, is_hurried: bool = False) -> int:
    """Ask about every placed send whose turn has come, tell what became of its touches, and end what is over.

    is_hurried: every placed one, whoever's turn. Returns how many were asked about. A repeat tells nothing twice. One
    that fails keeps its place and does not stop the others. Raises NotConnected.
    """
    api, moment = connect(), at or time.now()
    placed = MassSend.objects.filter(state=MassSend.State.PLACED).order_by("asked_at", "pk")
    due = [send for send in placed if is_hurried or _has_turn(send, moment)]
    for send in due:
        try:
            poll_one(api, send, moment)
        except Failure as trouble:
            MassSend.objects.filter(pk=send.pk).update(error=str(trouble)[:200], polled_at=moment)
    return len(due)


def poll_one(api: Api, send: MassSend, at: datetime) -> None:
    """Ask about one send; end it when everybody is served or its time is over. Raises the client's Failure."""
    if not _read(api, send, at):
        return
    if send.is_ours:
        notify_tasks(send, at)
    if _is_served(send, at) or (send.expires_at <= at and not send.is_ours):
        _end(send, at)
    elif send.expires_at <= at:
        expire(api, send, at)


def _read(api: Api, send: MassSend, at: datetime) -> bool:
    try:
        read_results(api, send, at)
    except WeComError as refusal:
        if refusal.code not in (NOT_READY, GONE):
            raise
        if refusal.code == GONE:
            end_withdrawn(send, at, MassSend.State.CANCELLED, "cancelled")
            return False
    MassSend.objects.filter(pk=send.pk).update(polled_at=at, error="")
    return True


def _has_turn(send: MassSend, at: datetime) -> bool:
    if send.polled_at is None or send.expires_at <= at:
        return True
    age = at - send.asked_at
    pace = next((pace for until, pace in _PACE if age < until), _SLOWEST)
    return send.polled_at + pace <= at + _SLACK


def _is_served(send: MassSend, at: datetime) -> bool:
    """Everybody who has to confirm did, and no recipient waits: to groups, none that may still be told of."""
    confirmed = list(send.tasks.values_list("confirmed_at", flat=True))
    if not confirmed or None in confirmed:
        return False
    if send.is_group and max(moment for moment in confirmed if moment) <= at - _SETTLES:
        return True
    return not send.recipients.filter(status=MassSendRecipient.Status.WAITING).exists()


def _end(send: MassSend, at: datetime) -> None:
    MassSend.objects.filter(pk=send.pk).update(state=MassSend.State.DONE, ended_at=at)
