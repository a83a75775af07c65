"""What can be wrong with a deployment, and how to mend each."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from homeground.core import postgres
from homeground.core.env import env
from homeground.events import queries, warehouse
from homeground.loyalty.queries.points import untruths
from homeground.wecom.services import examining

PACKAGE = Path(__file__).parent.parent
_LITTLE_DISK = 2 * 1024**3  # Bytes.
_REINSTALL = "pip install --no-deps --editable . (or reinstall the wheel)"


@dataclass(frozen=True)
class Check:
    """One thing looked at. state: ok, warn (works, but mind it), fail. mend: what to do, empty when ok."""

    name: str
    state: str
    found: str
    mend: str = ""


def _check(name: str, good: bool, found: object, mend: str, *, bad: str = "fail") -> Check:
    return Check(name, "ok" if good else bad, str(found), "" if good else mend)


def examine() -> list[Check]:
    """Every check, in the order in which they depend on each other; what cannot be reached fails with its reason."""
    return [found for check in _CHECKS for found in _guarded(check)]


def as_text(checks: list[Check]) -> str:
    """One line a check; the way to mend it below."""
    marks = {"ok": "✓", "warn": "!", "fail": "✗"}
    return "\n".join(
        f"{marks[check.state]} {check.name}: {check.found}" + (f"\n    → {check.mend}" if check.mend else "")
        for check in checks
    )


def _guarded(check: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(check())
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return [Check(check.__name__.strip("_"), "fail", reason, "mend what stands above, then run doctor again")]


def _python() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield _check("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")


def _data_folder() -> Iterator[Check]:
    folder = next(path for path in (env.folder, *env.folder.parents) if path.exists())
    yield _check(
        "data folder", os.access(folder, os.W_OK), env.folder, "give this user the folder, or set HOMEGROUND_DATA"
    )
    free = shutil.disk_usage(folder).free
    yield _check(
        "disk",
        free > _LITTLE_DISK,
        f"{free // 1024**2:,} MB free",
        "free some disk, or move HOMEGROUND_DATA",
        bad="warn",
    )


def _secret_key() -> Iterator[Check]:
    path = env.folder / "secret_key"
    if env.secret_key or not path.exists():
        found = "from HOMEGROUND_SECRET_KEY" if env.secret_key else "will be made at the first start"
        yield Check("secret key", "ok", found)
    else:
        yield _check("secret key", not path.stat().st_mode & 0o077, path, f"chmod 600 {path}")


def _addresses() -> Iterator[Check]:
    host = urlsplit(env.base_url).hostname or ""
    known = host in env.allowed_hosts or "*" in env.allowed_hosts
    yield _check("allowed hosts", known, ", ".join(env.allowed_hosts), f"add {host} to HOMEGROUND_ALLOWED_HOSTS")
    public = host not in {"127.0.0.1", "localhost"}
    mend = "links in messages work on this machine only: set HOMEGROUND_BASE_URL to the public https address"
    yield _check("base address", public, env.base_url, mend, bad="warn")


def _static_files() -> Iterator[Check]:
    missing = [name for name in ("ui/icons.svg", "ui/vendor/bootstrap.css") if not finders.find(name)]
    yield _check("front-end files", not missing, ", ".join(missing) or "there", _REINSTALL)
    catalogues = list(PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po"))
    raw = sum(not path.with_suffix(".mo").exists() for path in catalogues)
    yield _check(
        "English texts", not raw, f"{len(catalogues) - raw} of {len(catalogues)} compiled", _REINSTALL, bad="warn"
    )


def _postgresql() -> Iterator[Check]:
    if not env.database_url:
        postgres.start(env.folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
        cursor.execute("SELECT current_setting('max_connections')::int")
        connections = cursor.fetchone()[0]
    yield _check("PostgreSQL", version >= 150000, version, "use PostgreSQL 15 or newer")
    yield _check("encoding", encoding == "UTF8", encoding, "create the database with ENCODING 'UTF8'")
    yield _check("connections", connections >= 50, f"at most {connections}", "raise max_connections to 100", bad="warn")


def _migrations() -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield _check(
        "migrations", not waiting, f"{len(waiting)} to apply", "start homeground up: it applies them", bad="warn"
    )


def _clickhouse() -> Iterator[Check]:
    place = "by URL" if env.events_url else "embedded"
    yield Check("ClickHouse", "ok", f"{warehouse.value('SELECT version()')}, {place}")


def _stream() -> Iterator[Check]:
    lag = queries.lag()
    found = f"{lag.waiting:,} events wait, the oldest {lag.oldest_seconds:,.0f} s"
    moving = lag.oldest_seconds < 60
    yield _check("stream", moving, found, "start homeground up, or homeground worker", bad="warn")
    aside = queries.set_aside_count()
    yield _check("set-aside events", not aside, f"{aside:,}", "homeground events set-aside says why", bad="warn")


def _points() -> Iterator[Check]:
    wrong = untruths()
    named = ", ".join(f"{one.what} {one.id} keeps {one.kept}, its entries say {one.summed}" for one in wrong[:3])
    mend = "the entries are the truth: report it, and correct no figure by hand"
    yield _check("points ledger", not wrong, f"{len(wrong):,} figures differ: {named}" if wrong else "adds up", mend)


def _wecom() -> Iterator[Check]:
    with translation.override("en"):
        for finding in examining.findings():
            yield Check(finding.name, finding.state, finding.found, finding.mend)


_CHECKS = [
    _python,
    _data_folder,
    _secret_key,
    _addresses,
    _static_files,
    _postgresql,
    _migrations,
    _clickhouse,
    _stream,
    _points,
    _wecom,
]
