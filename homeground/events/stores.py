"""Start what is embedded and bring both stores to this version."""

from django.core.management import call_command
from django.db import connection

from homeground.core import postgres
from homeground.core.env import env
from homeground.events import warehouse

_LOCK = 0x686F6D65  # "home": one migration at a time.


def open_stores() -> None:
    """Start the embedded stores, then migrate both under a lock. Harmless to repeat and to race."""
    if not env.database_url:
        postgres.start(env.folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
            warehouse.migrate()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
