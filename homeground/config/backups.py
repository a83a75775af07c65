"""Backup and restore of both stores into and from one folder.

The folder holds postgres.dump (pg_dump's custom format), events/TABLE.native (ClickHouse's Native format), the key that
seals secrets, and manifest.json. It is as private as the data: mode 700. ClickHouse is the only copy of events older
than the stream's retention, so both stores belong together: the stream stands still while they are written.
"""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from homeground import __version__
from homeground.core import postgres
from homeground.core.env import env, made_folder
from homeground.core.errors import BusinessError
from homeground.events import stream, warehouse
from homeground.events.stores import open_stores

_DUMP = "postgres.dump"
_KEY = "secret_key"


def backup(folder: Path) -> dict[str, Any]:
    """Write both stores into a new folder. It appears under its name only when it is whole.

    Returns {"folder", "events", "bytes", "made_at"}. Raises BusinessError when the folder exists.
    """
    if folder.exists():
        raise BusinessError(f"{folder} exists; name a new folder")
    open_stores()
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "events").mkdir(parents=True, mode=0o700)
    partial.chmod(0o700)
    with stream.paused():
        _pg("pg_dump", "--format=custom", "--no-owner", "--file", str(partial / _DUMP))
        rows = {table: _dump_table(table, partial) for table in warehouse.tables()}
    manifest = {"version": __version__, "made_at": datetime.now(UTC).isoformat(), "rows": rows}
    (partial / "manifest.json").write_text(json.dumps(manifest, indent=2))
    _copy_key(made_folder(), partial)
    partial.rename(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"folder": str(folder), "events": rows.get("events", 0), "bytes": size, "made_at": manifest["made_at"]}


def restore(folder: Path) -> dict[str, Any]:
    """Fill empty stores from a backup, then bring them to this version.

    Returns {"folder", "events", "made_at"}. Raises BusinessError, with nothing changed, when the folder is no backup,
    its version is newer than this one, or the stores hold data.
    """
    manifest = _manifest(folder)
    if not env.database_url:
        postgres.start(made_folder())
    _refuse_unless_empty()
    if not env.secret_key:
        _copy_key(folder, made_folder())
    _pg("pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction", folder / _DUMP)
    connection.close()
    call_command("migrate", verbosity=0, interactive=False)
    warehouse.migrate()
    for table in manifest["rows"]:
        _load_table(table, folder)
    _refuse_if_short(manifest)
    return {"folder": str(folder), "events": manifest["rows"].get("events", 0), "made_at": manifest["made_at"]}


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        raise BusinessError(f"{folder} is no backup: it has no manifest.json")
    manifest: dict[str, Any] = json.loads(path.read_text())
    if _parts(manifest["version"]) > _parts(__version__):
        raise BusinessError(f"{folder} was written by Homeground {manifest['version']}; this is {__version__}")
    return manifest


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _refuse_unless_empty() -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("people_customer", "stream_event", "auth_user"):
            if table in tables:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
                if cursor.fetchone()[0]:
                    raise BusinessError("the stores hold data; restore into an empty HOMEGROUND_DATA folder")


def _dump_table(table: str, folder: Path) -> int:
    with (folder / "events" / f"{table}.native").open("wb") as file:
        warehouse.dump(table, file)
    return int(warehouse.value(f"SELECT count() FROM events.{table}"))


def _load_table(table: str, folder: Path) -> None:
    with (folder / "events" / f"{table}.native").open("rb") as file:
        warehouse.load(table, file)


def _refuse_if_short(manifest: dict[str, Any]) -> None:
    for table, rows in manifest["rows"].items():
        found = warehouse.value(f"SELECT count() FROM events.{table}")
        if found != rows:
            raise BusinessError(f"events.{table} has {found} rows after the restore, the backup says {rows}")


def _copy_key(source: Path, target: Path) -> None:
    if (source / _KEY).exists():
        shutil.copyfile(source / _KEY, target / _KEY)
        (target / _KEY).chmod(0o600)


def _pg(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs on our database; its last line is the reason when it fails."""
    place = connection.settings_dict
    environment = os.environ | {
        "PGHOST": place["HOST"],
        "PGPORT": str(place["PORT"] or ""),
        "PGUSER": place["USER"],
        "PGPASSWORD": place.get("PASSWORD") or "",
        "PGDATABASE": place["NAME"],
    }
    target = ["--dbname", place["NAME"]] if program == "pg_restore" else []
    done = subprocess.run(
        [postgres.program(program), *target, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BusinessError(f"{program}: {done.stderr.strip().splitlines()[-1]}")
