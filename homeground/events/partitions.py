"""The outbox's partitions: one a day, made ahead; dropped when the retention is over and all that was in them is done.

Events of other days (told late, or long ago) lie in the default partition and are deleted from it by age.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from homeground.core import time
from homeground.events.batches import SQL, handled_up_to
from homeground.events.models import SetAside, StreamBatch

RETENTION_DAYS = 35
_DAYS_BEHIND, _DAYS_AHEAD = 2, 7
_DELETED_AT_ONCE = 10_000
_PREFIX = "stream_event_day_"


def keep_house(at: datetime | None = None, retention_days: int = RETENTION_DAYS) -> None:
    """Make the partitions of the coming days, drop what is over, forget old batches. A repeat does nothing more."""
    now = at or time.now()
    today = now.date()
    for ahead in range(-_DAYS_BEHIND, _DAYS_AHEAD + 1):
        make(today + timedelta(days=ahead))
    oldest = today - timedelta(days=retention_days)
    for day in days():
        if day < oldest:
            drop(day)
    delete_others(now - timedelta(days=retention_days))
    forget_batches(now - timedelta(days=retention_days))


def days() -> list[date]:
    """The days that have a partition, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'stream_event'::regclass AND c.relname LIKE %s ORDER BY c.relname",
            [_PREFIX + "%"],
        )
        return [date.fromisoformat(name.removeprefix(_PREFIX)) for (name,) in cursor.fetchall()]


def make(day: date) -> None:
    """Make a day's partition and move into it what the default one holds of that day. A repeat does nothing."""
    if day in days():
        return
    with _stream_locked() as cursor:
        if day in days():
            return
        cursor.execute(_of(day, "CREATE TABLE {part} (LIKE stream_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
        cursor.execute(
            _of(
                day,
                "WITH moved AS (DELETE FROM stream_event_other WHERE day = {day} RETURNING *)"
                " INSERT INTO {part} SELECT * FROM moved",
            )
        )
        cursor.execute(
            _of(day, "ALTER TABLE stream_event ATTACH PARTITION {part} FOR VALUES FROM ({day}) TO ({next_day})")
        )


def drop(day: date) -> bool:
    """Drop a day's partition if every event in it is done with. Returns whether it was."""
    if SetAside.objects.filter(day=day, discarded_at=None).exists():
        return False
    with _stream_locked() as cursor:
        xid, event_id = handled_up_to()
        cursor.execute(
            _of(day, "SELECT EXISTS (SELECT FROM {part} WHERE (xid, id) > (%s::text::xid8, %s))"), [xid, event_id]
        )
        if cursor.fetchone() != (False,):
            return False
        cursor.execute(_of(day, "DROP TABLE {part}"))
        return True


def delete_others(before: datetime) -> int:
    """Delete from the default partition what is done with and was received before a moment. Returns how many went."""
    xid, event_id = handled_up_to()
    statement = (SQL / "delete_others.sql").read_text()
    gone = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"xid": xid, "id": event_id, "before": before, "most": _DELETED_AT_ONCE})
            deleted = int(cursor.rowcount)
        gone += deleted
        if deleted < _DELETED_AT_ONCE:
            return gone


def forget_batches(before: datetime) -> None:
    """Delete the records of batches that were done with before a moment; the newest stays: it holds the position."""
    newest = StreamBatch.objects.order_by("-id").values("id")[:1]
    StreamBatch.objects.filter(handled_at__lt=before).exclude(id__in=newest).delete()


@contextmanager
def _stream_locked() -> Iterator[Any]:
    """The parent first, as every INSERT does: no deadlock. Whoever waits for more than 3 s gives way to the writers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        cursor.execute("LOCK TABLE stream_event IN ACCESS EXCLUSIVE MODE")
        yield cursor


def _of(day: date, statement: str) -> sql.Composed:
    return sql.SQL(statement).format(
        part=sql.Identifier(_PREFIX + day.isoformat()), day=day.isoformat(), next_day=(day + timedelta(1)).isoformat()
    )
