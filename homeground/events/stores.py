"""Start what is embedded and bring both stores to this version."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection

from homeground.core import postgres
from homeground.core.env import env
from homeground.events import warehouse

_LOCK = 0x686F6D65  # "home": one migration at a time.


Install = Callable[[], None]
_installs: list[Install] = []


def at_opening(install: Install) -> Install:
    """Register what a room puts into open stores: its default rows. A repeat must change nothing."""
    _installs.append(install)
    return install


def open_stores() -> None:
    """Start the embedded stores, migrate both and install the rooms' defaults, under a lock. Harmless to repeat."""
    if not env.database_url:
        postgres.start(env.folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
            warehouse.migrate()
            for install in _installs:
                install()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
