"""Callbacks on their way: written with the action that caused them, sent by a job, three tries in all."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from homeground.core import time
from homeground.sandbox.models import Corp, CorpCallback
from homeground.sandbox.models.outbox import TRIES
from homeground.sandbox.services.callbacks import events
from homeground.sandbox.services.callbacks.sending import Outcome, Sender
from homeground.sandbox.services.wecom import clock

SQL = Path(__file__).parents[2] / "sql"
JOB = "sandbox.tell_callbacks"
ON_PURPOSE = "lost on purpose"
_BATCH = 64
_KEPT_DAYS = 14


_is_telling = ContextVar("is_telling", default=True)


@contextmanager
def telling(is_telling: bool) -> Iterator[None]:
    """While the block runs, tell events, or leave the callback address in the dark: then they happen all the same."""
    before = _is_telling.set(is_telling)
    try:
        yield
    finally:
        _is_telling.reset(before)


def tell(*told: events.Event, at: datetime | None = None) -> None:
    """Write these events in the transaction of the action; they go out after its commit.

    at: by the corp's clock; None: now. With no callback address nobody is told and nothing is kept.
    """
    corpid = _told_corpid() if told and _is_telling.get() else ""
    if corpid:
        moment = at or clock.now()
        tell_raw(((event.name, events.xml(event, corpid, moment)) for event in told), moment)


@transaction.atomic
def tell_raw(bodies: Iterable[tuple[str, str]], at: datetime) -> None:
    """The same for (name, XML) that stand ready: app messages, and events that nobody knows."""
    given = list(bodies)
    fault, most, seconds = _taken_fault(len(given))
    rows = [
        row
        for number, (name, xml) in enumerate(given)
        for row in _rows(CorpCallback(name=name, xml=xml, created_at=at), fault if number < most else "", seconds)
    ]
    if rows:
        CorpCallback.objects.bulk_create(rows)
        transaction.on_commit(_defer)


def send_due(at: datetime | None = None) -> int:
    """Send every callback that is due; returns how many tries were made. What failed is due again soon."""
    corp, made = Corp.objects.filter(pk=1).first(), 0
    if corp is None or not corp.callback_url:
        return 0
    with Sender(corp) as sender:
        while claimed := _claim(at or time.now()):
            _note([pk for pk, _xml in claimed], sender.send([xml for _pk, xml in claimed]))
            made += len(claimed)
    _defer_the_rest()
    return made


@transaction.atomic
def try_again(pk: int) -> None:
    """Send one once more that was dropped, or that had arrived: a repeat of the same XML."""
    CorpCallback.objects.filter(pk=pk).update(
        state=CorpCallback.State.WAITING, tries=0, answer="", milliseconds=None, told_at=None, due_at=time.now()
    )
    transaction.on_commit(_defer)


def forget_old(at: datetime | None = None) -> int:
    """Drop the record of callbacks that were told, or dropped, more than two weeks ago. Returns how many."""
    past = CorpCallback.objects.exclude(state=CorpCallback.State.WAITING)
    return past.filter(due_at__lt=(at or time.now()) - timedelta(days=_KEPT_DAYS)).delete()[0]


def _told_corpid() -> str:
    found = Corp.objects.filter(pk=1).exclude(callback_url="").values_list("corpid", flat=True).first()
    return found or ""


def _taken_fault(count: int) -> tuple[str, int, int]:
    """The fault that the next callbacks meet, how many of these, and its seconds; used up by them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH before AS (SELECT callback_fault, callback_faults_left, callback_delay_seconds FROM sandbox_corp"
            " WHERE id = 1 AND callback_faults_left > 0 AND callback_fault <> '' FOR UPDATE)"
            " UPDATE sandbox_corp SET callback_faults_left = greatest(before.callback_faults_left - %s, 0)"
            " FROM before WHERE id = 1"
            " RETURNING before.callback_fault, before.callback_faults_left, before.callback_delay_seconds",
            [count],
        )
        return cursor.fetchone() or ("", 0, 0)


def _rows(row: CorpCallback, fault: str, seconds: int) -> list[CorpCallback]:
    row.due_at = time.now()
    if fault == Corp.CallbackFault.FAIL:
        row.state, row.tries, row.answer = CorpCallback.State.DROPPED, TRIES, ON_PURPOSE
    if fault == Corp.CallbackFault.DELAY:
        row.due_at += timedelta(seconds=seconds)
    if fault == Corp.CallbackFault.SHUFFLE:
        row.due_at += timedelta(seconds=random.uniform(0, seconds))
    if fault == Corp.CallbackFault.DUPLICATE:
        twin = CorpCallback(name=row.name, xml=row.xml, created_at=row.created_at, due_at=row.due_at)
        return [row, twin]
    return [row]


def _claim(now: datetime) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute((SQL / "claim_callbacks.sql").read_text(), {"now": now, "batch": _BATCH})
        return sorted(cursor.fetchall())


def _note(ids: list[int], outcomes: list[Outcome]) -> None:
    params: dict[str, Any] = {
        "ids": ids,
        "answers": [outcome.answer[:120] for outcome in outcomes],
        "taken": [outcome.is_taken for outcome in outcomes],
        "milliseconds": [outcome.milliseconds for outcome in outcomes],
        "now": time.now(),
        "tries": TRIES,
    }
    with connection.cursor() as cursor:
        cursor.execute((SQL / "note_callbacks.sql").read_text(), params)


def _defer(delay_seconds: int = 0) -> None:
    if delay_seconds:
        jobs.configure_task(JOB, schedule_in={"seconds": delay_seconds}).defer()
        return
    with suppress(AlreadyEnqueued):  # One that waits will find these too.
        jobs.configure_task(JOB, queueing_lock=JOB).defer()


def _defer_the_rest() -> None:
    """One more job for what is due later: tries that failed, and those that are late on purpose."""
    waiting = CorpCallback.objects.filter(state=CorpCallback.State.WAITING)
    first = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    if first:
        _defer(max(1, round((first - time.now()).total_seconds())))
