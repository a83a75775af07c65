"""Whose turn it is: one sync, or one push of tags, at a time in the whole deployment."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

_LOCK = 0x7765636F  # "weco"


_HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


def is_taken() -> bool:
    """Whether it is somebody's turn right now."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_LOCK])
        return bool(cursor.fetchone() == (True,))


@contextmanager
def sync_turn() -> Iterator[bool]:
    """Whether it is ours, until the block ends. Let go of when the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = cursor.fetchone() == (True,)
    try:
        yield mine
    finally:
        if mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
