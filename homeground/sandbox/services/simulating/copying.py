"""Rows into tables of the sandbox by COPY, and the statistics that plans need afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from homeground.sandbox.models import Contact, Friendship, GroupMember


def copy(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY the rows into the model's table; returns the first id, the others follow without a gap."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "SELECT greatest(coalesce(max(id), 0), coalesce(pg_sequence_last_value("
            f"pg_get_serial_sequence('{table}', 'id')::regclass), 0)) + 1 FROM {table}"
        )
        first = int(cursor.fetchone()[0])
        number = first
        with cursor.copy(f"COPY {table} (id, {', '.join(columns)}) FROM STDIN") as pipe:
            for number, row in enumerate(rows, first):
                pipe.write_row((number, *row))
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(number, 1)])
    return first


def analyse() -> None:
    with connection.cursor() as cursor:
        for model in (Contact, Friendship, GroupMember):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
