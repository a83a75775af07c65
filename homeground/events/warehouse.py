"""The only door to ClickHouse: chDB in this process, or a server by URL. Values go in as placeholders."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import IO, Any, TypeVar

import clickhouse_connect
import polars
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from clickhouse_connect.driver.httputil import get_pool_manager

from homeground.core.env import env
from homeground.events import embedded, schema
from homeground.events.errors import SchemaDiffers, StoreHeldElsewhere

Row = TypeVar("Row")
_BLOCK = 1 << 20  # Bytes.
_PATIENCE = 100  # Tenths of a second to wait for the owner of the embedded store.
_SERVER: dict[str, Any] = {"tz_mode": "aware", "autogenerate_session_id": False}  # Moments are UTC and say so.
_local = threading.local()
# What may pass by itself: time-out, too many queries, network, memory, disk, too many parts, shutting down, Keeper.
_PASSING = {159, 202, 209, 210, 241, 243, 252, 279, 394, 425, 999}


def rows(kind: type[Row], sql: Path | str, **params: Any) -> list[Row]:
    """Run a query and give one `kind` (a frozen dataclass) a row, columns by field name, in the query's order.

    sql: a path of a .sql file, or the text of a compiled statement; {name:Type} in it takes its value from params.
    """
    with _call() as client:
        result = client.query(_text(sql), parameters=params)
    wanted = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if result.result_rows and list(result.column_names) != wanted:  # chDB names no columns where there are no rows.
        raise TypeError(f"{kind.__name__} wants {wanted}, the query gives {list(result.column_names)}")
    return [kind(*row) for row in result.result_rows]


def frame(sql: Path | str, **params: Any) -> polars.DataFrame:
    """A query's answer by column: a million rows in a quarter of the time that rows() takes."""
    with _call() as client:
        answer = client.raw_query(_text(sql), parameters=params, fmt="ArrowStream")
    return polars.read_ipc_stream(answer)


def value(sql: Path | str, **params: Any) -> Any:
    """The one value that a query gives."""
    with _call() as client:
        return client.query(_text(sql), parameters=params).result_rows[0][0]


def run(sql: Path | str, **params: Any) -> None:
    """Run a statement that gives no rows: INSERT … SELECT, DDL."""
    with _call() as client:
        client.command(_text(sql), parameters=params)


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
    with _call() as client:
        client.insert(
            table, values, column_names=columns, database="events", column_oriented=by_column, settings=settings
        )


def tables() -> list[str]:
    """The tables that hold something of their own, in alphabetical order."""
    with _call() as client:
        found = client.query("SELECT name FROM system.tables WHERE database = 'events' AND engine LIKE '%MergeTree'")
    return sorted(name for (name,) in found.result_rows)


def dump(table: str, file: IO[bytes]) -> None:
    """Write all rows of a table to a file, block by block."""
    with _call() as client, client.raw_stream(f"SELECT * FROM events.{table}", fmt="Native") as stream:
        shutil.copyfileobj(stream, file, _BLOCK)


def load(table: str, file: IO[bytes]) -> None:
    """Append what dump() wrote."""
    with _call() as client:
        client.raw_insert(
            f"events.{table}", insert_block=file, fmt="Native", settings={"max_partitions_per_insert_block": 0}
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
    """Bring the schema to this version. A repeat changes nothing.

    On a cluster the tables are its operator's (deploy/clickhouse): they are compared, and SchemaDiffers names the
    columns that are not as this version wants them.
    """
    if _is_cluster():
        return _compare()
    run("CREATE DATABASE IF NOT EXISTS events")
    run("CREATE DATABASE IF NOT EXISTS events_schema")
    run(f"CREATE TABLE IF NOT EXISTS {schema.APPLIED} (file String, at DateTime) ENGINE = MergeTree ORDER BY file")
    applied = set(value(f"SELECT groupArray(file) FROM {schema.APPLIED}"))
    for path in schema.files():
        if path.name not in applied:
            run(path)
            run(f"INSERT INTO {schema.APPLIED} SELECT {{file:String}}, now()", file=path.name)


def _is_cluster() -> bool:
    where = "database = 'events' AND name = 'events' AND engine = 'Distributed'"
    return bool(value(f"SELECT count() FROM system.tables WHERE {where}"))


def _compare() -> None:
    with _call() as client:
        found = client.query("SELECT table, name, type FROM system.columns WHERE database = 'events'").result_rows
    there = set(found)
    missing = [
        f"{table}.{name}"
        for table, columns in schema.wanted().items()
        for name, kind in columns.items()
        if (table, name, kind) not in there
    ]
    if missing:
        raise SchemaDiffers(", ".join(missing))


@contextmanager
def _call() -> Iterator[Any]:
    try:
        yield client()
    except OperationalError:
        disconnect()  # Whoever answers next may be another process.
        raise


def _connect() -> Any:
    if env.events_url:
        return clickhouse_connect.get_client(dsn=env.events_url.get_secret_value(), **_SERVER)
    for _ in range(_PATIENCE):
        if embedded.own():
            return clickhouse_connect.get_client(interface="chdb", path=str(embedded.engine_folder()), tz_mode="aware")
        if address := embedded.address():
            with suppress(OperationalError):
                return _through_the_door(address)
        sleep(0.1)  # The owner is starting, or about to leave.
    raise StoreHeldElsewhere(str(embedded.engine_folder()))


def _through_the_door(address: embedded.Address) -> Any:
    return clickhouse_connect.get_client(
        host="127.0.0.1",
        port=address.port,
        username="homeground",
        password=address.password,
        compress=False,
        pool_mgr=get_pool_manager(),  # One that knows no proxy.
        **_SERVER,
    )


def _text(sql: Path | str) -> str:
    return _read(sql) if isinstance(sql, Path) else sql


@lru_cache
def _read(path: Path) -> str:
    return path.read_text()
