"""Waiting for PostgreSQL's notifications on a connection of one's own."""

import threading
from time import monotonic

import psycopg
from django.db import connections

_LOOK_SECONDS = 0.5  # How long a stop may take.


class Ear:
    """Listens to one channel. Close it. Raises psycopg.Error when the connection breaks: then make another."""

    def __init__(self, channel: str) -> None:
        params = connections["default"].get_connection_params()
        wanted = {name: value for name, value in params.items() if name not in ("cursor_factory", "context")}
        self._connection = psycopg.connect(**wanted, autocommit=True)
        self._connection.execute(f"LISTEN {channel}")  # Our own word: a channel cannot be a parameter.

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Whether something was told within so many seconds; earlier when stop is set."""
        until = monotonic() + seconds
        while not stop.is_set() and (left := until - monotonic()) > 0:
            for _notice in self._connection.notifies(timeout=min(left, _LOOK_SECONDS), stop_after=1):
                return True
        return False

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
