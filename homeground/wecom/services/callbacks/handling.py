"""Callbacks are handled in batches: claim, read from the platform what is needed, then write all in one transaction.

A worker that dies leaves its claim to run out; whoever handles them next does the same again, which does no harm.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from homeground.core import time
from homeground.wecom.client import QuotaFull
from homeground.wecom.models import Callback
from homeground.wecom.services.callbacks.applying import apply
from homeground.wecom.services.callbacks.reading import Reading, Row, parsed, read
from homeground.wecom.services.callbacks.telling import tell
from homeground.wecom.services.welcome import give_way

_CLAIM = (Path(__file__).parents[2] / "sql" / "claim_callbacks.sql").read_text()
_LEASE = timedelta(minutes=3)  # Longer than a batch takes while the platform does not answer.
_MOST = 100
_TRIES = 10  # 5 s, 10 s … 43 min apart: an hour and a half in all.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
log = logging.getLogger(__name__)


def handle_waiting() -> int:
    """Handle all callbacks whose time has come. Returns how many were handled."""
    handled = 0
    while (batch := handle_batch()) is not None:
        handled += batch
        give_way()
    return handled


def handle_batch() -> int | None:
    """Handle some callbacks. Returns how many; None: nothing was waiting."""
    rows = _claimed()
    if not rows:
        return None
    reading = read(rows)
    tell([row for row in rows if row.id not in reading.errors], reading.errors)
    return _written(rows, reading)


def next_try_at() -> datetime | None:
    """When the next waiting callback is due; None: none waits."""
    waiting = Callback.objects.filter(state=Callback.State.WAITING)
    return waiting.order_by("try_at").values_list("try_at", flat=True).first()


def _claimed() -> list[Row]:
    now = time.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + _LEASE, "most": _MOST})
        found = cursor.fetchall()
    return [parsed(*row) for row in sorted(found)]


def _written(rows: Sequence[Row], reading: Reading) -> int:
    good = [row for row in rows if row.id not in reading.errors]
    try:
        handled = _apply(good, reading)
    except DatabaseError:
        log.exception("A batch of callbacks could not be written; trying them one by one")
        handled = sum(_apply_alone(row, reading) for row in good)
    _put_off(rows, reading.errors)
    return handled


def _apply_alone(row: Row, reading: Reading) -> int:
    try:
        return _apply([row], reading)
    except DatabaseError as error:
        reading.errors[row.id] = error
        return 0


@transaction.atomic
def _apply(rows: Sequence[Row], reading: Reading) -> int:
    mine = Callback.objects.filter(pk__in=[row.id for row in rows], state=Callback.State.WAITING)
    waiting = set(mine.select_for_update().values_list("pk", flat=True))
    apply([row for row in rows if row.id in waiting], reading)
    done = {"state": Callback.State.HANDLED, "handled_at": time.now(), "error": ""}
    return Callback.objects.filter(pk__in=waiting).update(**done)


def _put_off(rows: Sequence[Row], errors: Mapping[int, Exception]) -> None:
    """Those that failed wait longer each time; after the last try they are shown as failed, for a person to replay."""
    for row in rows:
        if error := errors.get(row.id):
            log.warning("Callback %d (%s) failed: %s", row.id, row.event, type(error).__name__)
            Callback.objects.filter(pk=row.id, state=Callback.State.WAITING).update(
                state=Callback.State.FAILED if row.attempts >= _TRIES else Callback.State.WAITING,
                error=f"{error}"[:1000].replace("\0", ""),
                try_at=_try_at(row, error),
            )


def _try_at(row: Row, error: Exception) -> datetime:
    if isinstance(error, QuotaFull):
        return error.until
    pause: timedelta = _FIRST_PAUSE * 2 ** min(row.attempts - 1, 12)
    return time.now() + min(pause, _LONGEST_PAUSE)
