"""The worker that welcomes: a thread, a connection and a few senders of its own, so that no batch work delays it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Queue
from time import monotonic

from django.db import connection

from homeground.wecom.listening import Ear
from homeground.wecom.services.welcome import Claim, claim, send, settle_lost

_SENDERS = 8  # A send takes the platform 0.1 to 0.3 s: some 40 welcomes a second.
_LOOK_SECONDS = 30.0  # Also looks by itself: a notification may be lost with its connection.
_BUSY_LOOK_SECONDS = 0.2
_SETTLE_EVERY_SECONDS = 60.0
_Work = Queue[Claim | None]
log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Welcome new friends until stop is set; what was claimed by then is sent."""
    try:
        with closing(Ear("wecom_welcome")) as ear, _senders() as work:
            settle_at = 0.0
            while not stop.is_set():
                if monotonic() >= settle_at:
                    settle_lost()
                    settle_at = monotonic() + _SETTLE_EVERY_SECONDS
                _hand_out(work)
                ear.wait(_BUSY_LOOK_SECONDS if work.unfinished_tasks else _LOOK_SECONDS, stop)
    finally:
        connection.close()


def _hand_out(work: _Work) -> None:
    """As many as there are free senders: what waits here would wait better in the table."""
    free = _SENDERS - work.unfinished_tasks
    for mine in claim(free) if free > 0 else ():
        work.put(mine)


@contextmanager
def _senders() -> Iterator[_Work]:
    work: _Work = Queue()
    threads = [threading.Thread(target=_send_all, args=(work,), name=f"wecom-welcome-{n}") for n in range(_SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield work
    finally:
        for _thread in threads:
            work.put(None)
        for thread in threads:
            thread.join()


def _send_all(work: _Work) -> None:
    try:
        connection.ensure_connection()  # Before the first welcome needs it.
        while mine := work.get():
            _send(mine)
            work.task_done()
    finally:
        connection.close()


def _send(mine: Claim) -> None:
    try:
        send(mine)
    except Exception:  # The database is away: the claim stands, so it is not sent again.
        log.exception("What became of a welcome could not be noted")
        connection.close()
