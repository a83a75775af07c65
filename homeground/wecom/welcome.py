"""The worker that welcomes: a thread, a connection and a few senders of its own, so that no batch work delays it."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from time import monotonic

from django.db import connection

from homeground.wecom.listening import Ear
from homeground.wecom.services.welcome import Claim, claim, send, settle_lost

_SENDERS = 8  # A send takes the platform 0.1 to 0.3 s: some 40 welcomes a second.
_LOOK_SECONDS = 30.0  # Also looks by itself: a notification may be lost with its connection.
_BUSY_LOOK_SECONDS = 0.2
_SETTLE_EVERY_SECONDS = 60.0


def run(stop: threading.Event) -> None:
    """Welcome new friends until stop is set."""
    try:
        with closing(Ear("wecom_welcome")) as ear, ThreadPoolExecutor(_SENDERS, "wecom-welcome", _begun) as senders:
            _Welcomer(ear, senders).until(stop)
    finally:
        connection.close()


class _Welcomer:
    def __init__(self, ear: Ear, senders: ThreadPoolExecutor) -> None:
        self.ear, self.senders = ear, senders
        self.under_way: set[Future[str]] = set()
        self.settle_at = 0.0

    def until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._settle()
            self.under_way = {sending for sending in self.under_way if not sending.done()}
            for mine in self._claimed():
                self.under_way.add(self.senders.submit(send, mine))
            self.ear.wait(_BUSY_LOOK_SECONDS if self.under_way else _LOOK_SECONDS, stop)

    def _claimed(self) -> list[Claim]:
        free = _SENDERS - len(self.under_way)
        return claim(free) if free else []

    def _settle(self) -> None:
        if monotonic() >= self.settle_at:
            settle_lost()
            self.settle_at = monotonic() + _SETTLE_EVERY_SECONDS


def _begun() -> None:
    """Each sender opens its connection before the first welcome needs it."""
    connection.ensure_connection()
