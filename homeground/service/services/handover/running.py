"""Handing over, a batch a call. What went out without an answer is unknown, and looked up before it goes again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.service.models import Handover, HandoverItem
from homeground.service.services.handover.settling import close_if_settled, settle
from homeground.wecom.client import Api, FateUnknown, Unreachable, WeComError, connect, transfer
from homeground.wecom.client.errors import Remedy

State = HandoverItem.State
_LOCK = 812_605  # A number of our own among the advisory locks; the second half is the handover.
_STOPS = (Remedy.CONFIGURE, Remedy.STOP, Remedy.REPORT)  # Every batch would be refused for the same reason.


def run_handover(handover_id: int, at: datetime | None = None) -> None:
    """Ask the platform for everything that is planned. One that another process runs is left to it.

    Stops where the platform is not to be reached or wants something mended, with the reason in the handover's row;
    the next run goes on there.
    """
    with alone(handover_id) as mine:
        if mine and _is_running(handover_id):
            _forget_answers(handover_id)
            error = _run(handover_id, at)
            Handover.objects.filter(pk=handover_id).update(error=error[:300])
            close_if_settled(handover_id, at or time.now())


@contextmanager
def alone(handover_id: int) -> Iterator[bool]:
    """Whether this process has the handover to itself while the block runs."""
    # A lock of the connection: PostgreSQL lets go of it when the process dies.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, handover_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, handover_id])


def _is_running(handover_id: int) -> bool:
    return Handover.objects.filter(pk=handover_id, state=Handover.State.RUNNING).exists()


def _forget_answers(handover_id: int) -> None:
    """Whoever was asking here has died: what became of it is not known."""
    HandoverItem.objects.filter(handover=handover_id, state=State.ASKING).update(state=State.UNKNOWN)


def _run(handover_id: int, at: datetime | None) -> str:
    """Why it had to stop; empty when everything was asked."""
    try:
        api = connect()
        for ask in (_ask_customers, _ask_groups):
            while batch := _claim(handover_id, ask is _ask_groups, at or time.now()):
                if stop := _ask(api, batch, ask, at or time.now()):
                    return stop
    except BusinessError as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def _claim(handover_id: int, wants_groups: bool, at: datetime) -> list[HandoverItem]:
    """The next batch, of one taker, marked as being asked."""
    Handover.objects.select_for_update().get(pk=handover_id)  # Against a cancel at the same moment.
    waiting = HandoverItem.objects.filter(
        handover=handover_id, state=State.PLANNED, chat__isnull=not wants_groups
    ).order_by("taker_id", "pk")
    first = waiting.first()
    if first is None:
        return []
    related = waiting.filter(taker=first.taker_id).select_related("handover__giver", "taker", "contact", "chat")
    batch = list(related[: transfer.AT_ONCE])
    HandoverItem.objects.filter(pk__in=[item.pk for item in batch]).update(state=State.ASKING, asked_at=at)
    return batch


_Asking = Callable[[Api, Sequence[HandoverItem]], Mapping[int, int]]


def _ask(api: Api, batch: Sequence[HandoverItem], ask: _Asking, at: datetime) -> str:
    """Why to stop; empty: go on."""
    try:
        codes = ask(api, batch)
    except FateUnknown:
        _mark(batch, State.UNKNOWN)
    except Unreachable as failure:
        _mark(batch, State.PLANNED)
        return str(failure)
    except WeComError as refusal:
        if refusal.may_retry or refusal.mend in _STOPS:
            _mark(batch, State.PLANNED)
            return str(refusal)
        settle([(item.pk, State.FAILED, refusal.code, at) for item in batch])
    else:
        _take(batch, codes, at)
    return ""


def _ask_customers(api: Api, batch: Sequence[HandoverItem]) -> Mapping[int, int]:
    handover, by_id = batch[0].handover, {item.contact.external_userid: item.pk for item in batch if item.contact}
    giver, taker = handover.giver.userid, batch[0].taker.userid
    if handover.kind == Handover.Kind.SERVING:
        codes = transfer.start(api, giver, taker, list(by_id), handover.message)
    else:
        codes = transfer.start_resigned(api, giver, taker, list(by_id))
    return {by_id[external]: code for external, code in codes.items() if external in by_id}


def _ask_groups(api: Api, batch: Sequence[HandoverItem]) -> Mapping[int, int]:
    by_id = {item.chat.chat_id: item.pk for item in batch if item.chat}
    give = transfer.groups_onjob if batch[0].handover.kind == Handover.Kind.SERVING else transfer.groups
    failed = {one.chat_id: one.errcode for one in give(api, list(by_id), batch[0].taker.userid)}
    return {pk: failed.get(chat_id, 0) for chat_id, pk in by_id.items()}


def _mark(batch: Sequence[HandoverItem], state: State) -> None:
    HandoverItem.objects.filter(pk__in=[item.pk for item in batch], state=State.ASKING).update(state=state)


def _take(batch: Sequence[HandoverItem], codes: Mapping[int, int], at: datetime) -> None:
    """A group is handed over at once, a customer within a day; whom the answer leaves out is not known."""
    begun = [item for item in batch if codes.get(item.pk) == 0]
    _mark([item for item in begun if item.contact_id], State.WAITING)
    _mark([item for item in batch if item.pk not in codes], State.UNKNOWN)
    refused = [(item.pk, State.FAILED, codes[item.pk], at) for item in batch if codes.get(item.pk)]
    settle([(item.pk, State.DONE, 0, at) for item in begun if item.chat_id] + refused)
