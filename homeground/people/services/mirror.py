"""The warehouse's copy of customers, kept in step with the rows here."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from homeground.core import time
from homeground.events import warehouse

_COPY = (Path(__file__).parent.parent / "sql" / "warehouse_copy.sql").read_text()
_COLUMNS = [
    "customer_id", "into_id", "created_at", "source", "relation", "identity_kinds", "tags", "consents", "refusals",
    "attributes", "version", "is_deleted",
]  # fmt: skip
_BATCH = 20_000  # Rows of one insert: about 20 MB with attributes.
_CLAIM = """
DELETE FROM people_stale WHERE id IN (SELECT id FROM people_stale ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING customer_id
"""
_STALE_OF = "SELECT DISTINCT customer_id FROM people_stale WHERE customer_id = ANY(%(ids)s::bigint[]) ORDER BY 1"


def mirror() -> int:
    """Write the customers that changed to the warehouse, newest version. Returns how many; 0 when all is in step.

    The claims go when the transaction commits, after the insert: a crash between the two writes the rows once more,
    with a greater version. Personal attributes, names and identities' values stay here.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [_BATCH])
        stale = sorted({row[0] for row in cursor.fetchall()})
        if rows := _rows(stale, connection) if stale else []:
            _insert(rows)
    return len(stale)


def bring_in_step(customer_ids: Sequence[int]) -> int:
    """Write those of these customers whose copy is older than their rows to the warehouse now. Returns how many.

    Only what is committed: inside an open transaction another connection reads it, so that a rollback leaves nothing
    behind; what the transaction itself changed follows when it has committed. The marks stay for the worker: it may
    write the same once more. 1 ms where nothing is behind, 2 s for 20,000.
    """
    if not (stale := _stale_of(customer_ids, connection)):
        return 0
    if not connection.in_atomic_block:
        return _write(stale, connection)
    other = connection.copy()
    try:
        return _write(_stale_of(customer_ids, other), other)
    finally:
        other.close()


def _stale_of(customer_ids: Sequence[int], through: BaseDatabaseWrapper) -> list[int]:
    with through.cursor() as cursor:
        cursor.execute(_STALE_OF, {"ids": list(customer_ids)})
        return [row[0] for row in cursor.fetchall()]


def _write(stale: Sequence[int], through: BaseDatabaseWrapper) -> int:
    for start in range(0, len(stale), _BATCH):
        if rows := _rows(stale[start : start + _BATCH], through):
            _insert(rows)
    return len(stale)


def _rows(ids: Sequence[int], through: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    """Their rows as of now. The version is drawn before they are read: who reads later has the greater one."""
    with through.cursor() as cursor:
        cursor.execute("SELECT nextval('people_customer_version')")
        version = cursor.fetchone()[0]
        cursor.execute(_COPY, {"ids": list(ids), "at": time.now(), "version": version})
        return list(cursor.fetchall())


def _insert(rows: Sequence[tuple[Any, ...]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    place = _COLUMNS.index("attributes")
    columns[place] = [json.loads(said) for said in columns[place]]  # Django leaves jsonb to the reader.
    warehouse.insert("customers", _COLUMNS, columns, by_column=True)
