"""Reconciling: sends of which nobody knows whether the platform took them, looked up in its own record."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.events.catalog.channels import MessageAssigned, MessageFailed, TouchFact
from homeground.events.services import record
from homeground.wecom.client import Api, Failure, WeComError, connect, mass
from homeground.wecom.client.mass import MassInfo, MassResult
from homeground.wecom.models import MassSend
from homeground.wecom.services.mass_sends.placing import SQL, mark_refused
from homeground.wecom.services.mass_sends.reading import NOT_READY, write_results
from homeground.wecom.services.paging import every

LEFT = timedelta(minutes=10)  # Nobody asks that long: who was asking is gone.
GIVEN_UP = timedelta(hours=1)  # What the record does not show by then was never taken.
_BEFORE, _AFTER = timedelta(minutes=5), timedelta(minutes=30)  # Their clock, and how late a request may arrive.
_TOUCHES = (SQL / "mass_touches.sql").read_text()
_CORP = 0


def reconcile(at: datetime | None = None) -> int:
    """Settle sends whose fate is unknown, or whose process was lost while asking. Returns how many were settled.

    Found in the platform's record, by text, time and recipients (one to groups also by its sender): placed, its touches
    assigned. Not found within an hour: failed, its touches too. Nothing is ever placed again. Raises NotConnected.
    """
    api, moment = connect(), at or time.now()
    MassSend.objects.filter(state=MassSend.State.ASKING, asked_at__lte=moment - LEFT).update(
        state=MassSend.State.UNKNOWN
    )
    lost = MassSend.objects.filter(state=MassSend.State.UNKNOWN).order_by("asked_at", "pk")
    return sum(_is_settled(api, send, moment) for send in lost)


def _is_settled(api: Api, send: MassSend, at: datetime) -> bool:
    try:
        found = _find(api, send)
    except Failure as trouble:
        MassSend.objects.filter(pk=send.pk).update(error=str(trouble)[:200], polled_at=at)
        return False
    if found:
        _adopt(send, *found, at)
    elif send.asked_at + GIVEN_UP <= at:
        _give_up(send, at)
    else:
        return False
    return True


def _find(api: Api, send: MassSend) -> tuple[MassInfo, list[MassResult]] | None:
    """The record's send whose recipients are ours, with its results.

    Of groups the platform tells only those that were sent to: before that the sender has to do.
    """
    ours = set(send.recipients.values_list("recipient", flat=True))
    for told in _candidates(api, send):
        members = _members(api, told.msgid)
        results = [one for member in members for one in every(partial(mass.results_page, api, told.msgid, member))]
        reached = {result.recipient for result in results}
        is_there = members == [send.content["sender"]] if send.is_group else bool(reached)
        if is_there and reached <= ours:
            return told, results
    return None


def _candidates(api: Api, send: MassSend) -> list[MassInfo]:
    start, end = send.asked_at - _BEFORE, send.asked_at + _AFTER
    kind = "group" if send.is_group else "single"
    told = list(every(lambda cursor: mass.list_page(api, start, end, kind, filter_type=_CORP, cursor=cursor)))
    known = set(MassSend.objects.filter(msgid__in=[one.msgid for one in told]).values_list("msgid", flat=True))
    return [one for one in told if one.msgid not in known and one.text == send.content["text"]]


def _members(api: Api, msgid: str) -> list[str]:
    try:
        return [task.userid for task in every(partial(mass.tasks_page, api, msgid))]
    except WeComError as refusal:
        if refusal.code != NOT_READY:
            raise
        return []


@transaction.atomic
def _adopt(send: MassSend, told: MassInfo, results: list[MassResult], at: datetime) -> None:
    send.state, send.msgid, send.placed_at, send.error = MassSend.State.PLACED, told.msgid, told.created_at or at, ""
    send.save(update_fields=["state", "msgid", "placed_at", "error"])
    reached = {result.recipient for result in results}
    left_out = set() if send.is_group else set(send.recipients.values_list("recipient", flat=True)) - reached
    record(*(_fact(send, *row, is_refused=row[2] in left_out, at=at) for row in _touches(send)))
    mark_refused(send, sorted(left_out))
    write_results(send, results, at)


@transaction.atomic
def _give_up(send: MassSend, at: datetime) -> None:
    MassSend.objects.filter(pk=send.pk).update(state=MassSend.State.FAILED, ended_at=at)
    record(*(_fact(send, *row, is_refused=True, at=at, reason="no_answer") for row in _touches(send)))


def _touches(send: MassSend) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHES, {"mass_send_id": send.pk})
        rows: list[tuple[int, int, str]] = cursor.fetchall()
        return rows


def _fact(
    send: MassSend,
    touch: int,
    customer: int,
    _external: str,
    *,
    is_refused: bool,
    at: datetime,
    reason: str = "refused",
) -> TouchFact:
    common: dict[str, Any] = {
        "customer_id": customer,
        "touch_id": touch,
        "channel": send.channel,
        "campaign_id": send.campaign_id,
    }
    if is_refused:
        return MessageFailed(**common, reason=reason, happened_at=at, cause=str(touch))
    # The same name, cause and day as the placing would have told it with: told twice it is one event.
    return MessageAssigned(**common, happened_at=send.asked_at, cause=f"{touch}:assigned")
