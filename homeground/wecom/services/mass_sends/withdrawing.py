"""Withdrawing: stop what staff have not confirmed, by hand or because its time is over."""

from datetime import datetime

from django.db import connection, transaction

from homeground.core import time
from homeground.events.catalog.channels import MessageWithdrawn
from homeground.events.services import record
from homeground.wecom.client import Api, WeComError, connect, mass
from homeground.wecom.errors import NothingToStop
from homeground.wecom.models import MassSend
from homeground.wecom.services.mass_sends.placing import SQL
from homeground.wecom.services.mass_sends.reading import GONE, NOT_READY, read_results

_WAITING = (SQL / "mass_waiting.sql").read_text()


def cancel(send_id: int, at: datetime | None = None) -> MassSend:
    """Stop the rest of one send; what was sent stays. A repeat changes nothing.

    Touches that nobody had confirmed are told as withdrawn. Raises NothingToStop for a send that is not waiting for
    staff, NotConnected or the client's Failure with nothing changed.
    """
    send = MassSend.objects.get(pk=send_id)
    if send.state == MassSend.State.CANCELLED:
        return send
    if send.state != MassSend.State.PLACED:
        raise NothingToStop
    _stop(connect(), send, at or time.now(), MassSend.State.CANCELLED, "cancelled")
    send.refresh_from_db()
    return send


def withdraw_campaign(campaign_id: int, at: datetime | None = None) -> int:
    """Stop every send of a campaign that waits for staff. Returns how many; a repeat finds none."""
    waiting = MassSend.objects.filter(campaign_id=campaign_id, state=MassSend.State.PLACED)
    stopped = [cancel(pk, at) for pk in waiting.values_list("pk", flat=True)]
    return len(stopped)


def expire(api: Api, send: MassSend, at: datetime) -> None:
    """Stop a send whose time is over: its rest would reach people when nothing is measured any more."""
    _stop(api, send, at, MassSend.State.DONE, "not_confirmed")


def end_withdrawn(send: MassSend, at: datetime, state: MassSend.State, reason: str) -> None:
    """End a send that the platform has stopped, and tell of the touches that wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        MassSend.objects.filter(pk=send.pk).update(state=state, ended_at=at, polled_at=at)
        cursor.execute(_WAITING, {"mass_send_id": send.pk})
        record(*(_withdrawn(send, touch, customer, reason, at) for touch, customer in cursor.fetchall()))


def _stop(api: Api, send: MassSend, at: datetime, state: MassSend.State, reason: str) -> None:
    _read(api, send, at)  # A stopped send may show nothing any more.
    _call_off(api, send)
    _read(api, send, at)  # Who confirmed in between.
    end_withdrawn(send, at, state, reason)


def _read(api: Api, send: MassSend, at: datetime) -> None:
    try:
        read_results(api, send, at)
    except WeComError as refusal:
        if refusal.code not in (NOT_READY, GONE):
            raise


def _call_off(api: Api, send: MassSend) -> None:
    try:
        mass.cancel(api, str(send.msgid))
    except WeComError as refusal:
        if refusal.code != GONE:
            raise


def _withdrawn(send: MassSend, touch: int, customer: int, reason: str, at: datetime) -> MessageWithdrawn:
    return MessageWithdrawn(
        customer_id=customer,
        touch_id=touch,
        channel=send.channel,
        campaign_id=send.campaign_id,
        reason=reason,
        happened_at=at,
        cause=f"{touch}:withdrawn",
    )
