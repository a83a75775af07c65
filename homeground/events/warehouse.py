"""The only door to ClickHouse: chDB in this process, or a server by URL. Values go in as placeholders."""

import threading
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from homeground.core.env import env

Row = TypeVar("Row")
SCHEMA = Path(__file__).parent / "sql" / "schema"
_local = threading.local()
# What may pass by itself: time-out, too many queries, network, memory, disk, too many parts, shutting down, Keeper.
_PASSING = {159, 202, 209, 210, 241, 243, 252, 279, 394, 425, 999}


def rows(kind: type[Row], sql: Path | str, **params: Any) -> list[Row]:
    """Run a query and give one `kind` (a frozen dataclass) a row, columns by field name, in the query's order.

    sql: a path of a .sql file, or the text of a compiled statement; {name:Type} in it takes its value from params.
    """
    result = client().query(_text(sql), parameters=params)
    wanted = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if list(result.column_names) != wanted:
        raise TypeError(f"{kind.__name__} wants {wanted}, the query gives {list(result.column_names)}")
    return [kind(*row) for row in result.result_rows]


def value(sql: Path | str, **params: Any) -> Any:
    """The one value that a query gives."""
    return client().query(_text(sql), parameters=params).result_rows[0][0]


def run(sql: Path | str, **params: Any) -> None:
    """Run a statement that gives no rows: INSERT … SELECT, DDL."""
    client().command(_text(sql), parameters=params)


def insert(
    table: str,
    columns: Sequence[str],
    values: Sequence[Sequence[Any]],
    *,
    token: str | None = None,
    by_column: bool = False,
) -> None:
    """Insert a block. With a token, the same block is kept once however often it is sent.

    values: rows, or columns when by_column is true.
    """
    settings: dict[str, Any] = {"max_partitions_per_insert_block": 0}
    if token:
        settings |= {"insert_deduplicate": 1, "insert_deduplication_token": token}
    client().insert(
        table, values, column_names=columns, database="events", column_oriented=by_column, settings=settings
    )


def client() -> Any:
    """This thread's client."""
    if not hasattr(_local, "client"):
        _local.client = _connect()
    return _local.client


def disconnect() -> None:
    """Forget this thread's client: the next call connects anew."""
    if hasattr(_local, "client"):
        _local.client.close()
        del _local.client


def is_operational(error: Exception) -> bool:
    """Whether ClickHouse or the way to it failed, not the statement."""
    return isinstance(error, OperationalError) or (isinstance(error, DatabaseError) and error.code in _PASSING)


def migrate() -> None:
    """Bring the schema to this version. A repeat changes nothing."""
    run("CREATE DATABASE IF NOT EXISTS events")
    for path in sorted(SCHEMA.glob("*.sql")):
        run(path)


def _connect() -> Any:
    if env.events_url:
        return clickhouse_connect.get_client(dsn=env.events_url.get_secret_value(), autogenerate_session_id=False)
    return clickhouse_connect.get_client(interface="chdb", path=str(env.folder / "events"))


def _text(sql: Path | str) -> str:
    return _read(sql) if isinstance(sql, Path) else sql


@lru_cache
def _read(path: Path) -> str:
    return path.read_text()
