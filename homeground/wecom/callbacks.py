"""The worker that handles callbacks: woken when one comes, else asleep until the next try is due."""

import threading
from contextlib import closing

from django.db import connection

from homeground.core import time
from homeground.core.listening import Ear
from homeground.wecom.services.callbacks import handle_batch, next_try_at

_LONGEST_SLEEP_SECONDS = 60.0  # Also looks by itself: a notification may be lost with its connection.
_BREATH_SECONDS = 0.05  # What comes within it is handled together.


def run(stop: threading.Event) -> None:
    """Handle callbacks until stop is set."""
    try:
        with closing(Ear("wecom_callback")) as ear:
            while not stop.is_set():
                _handle(stop)
                if ear.wait(_seconds(), stop):
                    stop.wait(_BREATH_SECONDS)
    finally:
        connection.close()


def _handle(stop: threading.Event) -> None:
    """What waits, a batch at a time; what is left when stop is set waits in the table."""
    while not stop.is_set() and handle_batch() is not None:
        pass


def _seconds() -> float:
    due = next_try_at()
    if due is None:
        return _LONGEST_SLEEP_SECONDS
    return min(max((due - time.now()).total_seconds(), _BREATH_SECONDS), _LONGEST_SLEEP_SECONDS)
