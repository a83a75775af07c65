"""The worker that welcomes: a thread, a connection and senders of its own, so that no batch work delays it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import SimpleQueue
from time import monotonic

from django.db import connection

from homeground.core.listening import Ear
from homeground.wecom.services.welcome import Claim, claim, send, settle_lost

_SENDERS = 16  # A send takes the platform 0.1 to 0.3 s: some 80 welcomes a second.
_LOOK_SECONDS = 30.0  # Also looks by itself: a notification may be lost with its connection.
_SETTLE_EVERY_SECONDS = 60.0
_Bell = SimpleQueue[bool]  # True: somebody waits; False: go home.
log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Welcome new friends until stop is set; what was claimed by then is sent."""
    try:
        with closing(Ear("wecom_welcome")) as ear, _senders(stop) as bell:
            settle_at = 0.0
            while not stop.is_set():
                if monotonic() >= settle_at:
                    settle_lost()
                    settle_at = monotonic() + _SETTLE_EVERY_SECONDS
                bell.put(True)
                ear.wait(_LOOK_SECONDS, stop)
    finally:
        connection.close()


@contextmanager
def _senders(stop: threading.Event) -> Iterator[_Bell]:
    bell: _Bell = SimpleQueue()
    names = [f"wecom-welcome-{number}" for number in range(_SENDERS)]
    threads = [threading.Thread(target=_send_all, args=(bell, stop), name=name) for name in names]
    for thread in threads:
        thread.start()
    try:
        yield bell
    finally:
        for _thread in threads:
            bell.put(False)
        for thread in threads:
            thread.join()


def _send_all(bell: _Bell, stop: threading.Event) -> None:
    """At each ring, one after the other until none waits: what is not being sent waits best in the table."""
    try:
        connection.ensure_connection()  # Before the first welcome needs it.
        while bell.get():
            while not stop.is_set() and (mine := _claimed()):
                _send(mine)
    finally:
        connection.close()


def _claimed() -> Claim | None:
    try:
        return next(iter(claim(1)), None)
    except Exception:  # The database is away: the next ring tries again.
        log.exception("No welcome could be claimed")
        connection.close()
        return None


def _send(mine: Claim) -> None:
    try:
        send(mine)
    except Exception:  # The database is away: the claim stands, so it is not sent again.
        log.exception("What became of a welcome could not be noted")
        connection.close()
