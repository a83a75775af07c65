"""The pump: carries the stream from the outbox to ClickHouse and to the handlers, batch by batch.

A batch is fixed, its events resolved, appended to ClickHouse exactly once (the batch's token), then given to the
handlers at least once. The process may die anywhere: whoever pumps next goes on with the same batch.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from django.db import DatabaseError, connection
from django.db.models import F

from homeground.core import time
from homeground.events import batches, partitions, warehouse
from homeground.events.append import append, check
from homeground.events.batches import Row
from homeground.events.bearing import bear, is_operational, reason_of, trace_of
from homeground.events.facts import Event, Handler, handlers_of
from homeground.events.models import HandlerProgress, StreamBatch

_LOCK = 0x70756D70  # "pump": one batch at a time.
_IDLE_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
logger = logging.getLogger(__name__)


def _as_recorded(events: Sequence[Event]) -> list[int | None]:
    return [event.customer_id for event in events]


resolver: Callable[[Sequence[Event]], list[int | None]] = _as_recorded
"""Who each event is about, in the same order. Room people sets it; a repeat must give the same customers."""

chores: list[Callable[[], int]] = []
"""Work besides the batches, done after each of them and when nothing waits. Each returns how much it did."""


def drain(stop: threading.Event | None = None, until: tuple[int, int] | None = None) -> int:
    """Pump until nothing is waiting and no chore is left (or stop is set). Returns how many events were carried.

    until: a position that must have arrived before it ends, and with which it may end though more has come.
    Waits for its turn while another worker pumps. Raises what is_operational() says may pass by itself.
    """
    stop = stop or threading.Event()
    carried = 0
    while not stop.is_set():
        with _turn() as mine:
            count = carry() if mine else 0
            done = sum(chore() for chore in chores) if mine else 0
        carried += count
        if mine and not done and _reached(until, count):
            break
        if not count and not done:
            stop.wait(0.05)
    return carried


def run(stop: threading.Event) -> None:
    """The worker's loop: pump as events come until stop is set; wait longer after each failure in a row."""
    failures = 0
    housekept = False
    while not stop.is_set():
        try:
            if not housekept:
                partitions.keep_house()
                housekept = True
            drain(stop)
            failures = 0
        except Exception as error:
            failures += 1
            _report(error)
            warehouse.disconnect()
            connection.close()
        stop.wait(min(_IDLE_SECONDS * 2**failures, _LONGEST_WAIT_SECONDS))
    connection.close()


@contextmanager
def paused() -> Iterator[None]:
    """While it is held no batch is appended or handled; events are accepted as ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def carry() -> int:
    """Carry one batch to its end; call it under the lock. Returns how many events it held; 0: nothing was waiting."""
    batch = batches.claim()
    if not batch:
        return 0
    rows = resolved(batches.rows_of(batch))
    if batch.state == StreamBatch.State.OPEN:
        rows = bear(rows, check, "append")
        append(rows, str(batch.token))
        _mark(batch, StreamBatch.State.APPENDED)
    deliver(batch, rows)
    _mark(batch, StreamBatch.State.HANDLED)
    return batch.count


def resolved(rows: Sequence[Row]) -> list[Row]:
    """The rows with the customers they are about; those that cannot be resolved are set aside and left out."""
    found: dict[int, int | None] = {}

    def resolve(piece: Sequence[Row]) -> None:
        events = [row.event for row in piece]
        found.update(zip((event.id for event in events), resolver(events), strict=True))

    return [_about(row, found[row.event.id]) for row in bear(rows, resolve, "resolve")]


def deliver(batch: StreamBatch, rows: Sequence[Row]) -> None:
    """Give the rows to their handlers, each handler going on where it stopped."""
    for handler, wanted in by_handler(rows):
        who = name_of(handler)
        done = HandlerProgress.objects.get_or_create(batch=batch, handler=who)[0].done
        if wanted[done:]:
            bear(wanted[done:], partial(call, handler), who, partial(_advance, batch, who))


def by_handler(rows: Sequence[Row]) -> list[tuple[Handler, list[Row]]]:
    """The handlers that want some of the rows, each with those."""
    wanted: dict[Handler, list[Row]] = {}
    for row in rows:
        for handler in dict.fromkeys(handlers_of(row.event.name)):  # One that wants "*" and the name gets it once.
            wanted.setdefault(handler, []).append(row)
    return list(wanted.items())


def call(handler: Handler, rows: Sequence[Row]) -> None:
    """Give a handler the events of rows."""
    handler([row.event for row in rows])


def name_of(handler: Handler) -> str:
    """What a handler is called in tables: its room, module and function."""
    return f"{handler.__module__.removeprefix('homeground.')}.{handler.__qualname__}"


@contextmanager
def _turn() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = cursor.fetchone() == (True,)
        try:
            yield mine
        finally:
            if mine:
                with suppress(DatabaseError):  # A connection that broke has let go of the lock already.
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _reached(until: tuple[int, int] | None, count: int) -> bool:
    return not count if until is None else batches.arrived_up_to() >= until


def _advance(batch: StreamBatch, who: str, count: int) -> None:
    HandlerProgress.objects.filter(batch=batch, handler=who).update(done=F("done") + count)


def _mark(batch: StreamBatch, state: StreamBatch.State) -> None:
    batch.state = state
    moment = "appended_at" if state == StreamBatch.State.APPENDED else "handled_at"
    setattr(batch, moment, time.now())
    batch.save(update_fields=["state", moment])


def _about(row: Row, customer_id: int | None) -> Row:
    return (
        row if row.event.customer_id == customer_id else replace(row, event=replace(row.event, customer_id=customer_id))
    )


def _report(error: Exception) -> None:
    kind = "a store does not answer" if is_operational(error) else "the pump failed"
    logger.error("%s, trying again: %s\n%s", kind, reason_of(error), trace_of(error))
