"""The database, brought to this version: by whoever comes first, one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from homeground.core import postgres
from homeground.core.env import env

_LOCK = 0x686F6D65  # "home": one migration at a time.


@contextmanager
def migrated_database() -> Iterator[None]:
    """Start the embedded server if need be, migrate, and hold the lock while the caller brings the rest up to date."""
    if not env.database_url:
        postgres.start(env.folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
