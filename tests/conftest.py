"""What every test stands on: both stores real and empty."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from homeground.events import warehouse
from tests.browser import browser, console_page, open_page, owner, phone_page

__all__ = ["browser", "console_page", "open_page", "owner", "phone_page"]


@pytest.fixture(scope="session", autouse=True)
def _migrated_warehouse() -> None:
    warehouse.migrate()


@pytest.fixture(scope="session", autouse=True)
def _last_one_out(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end no thread of the served site still holds the test database, which is about to be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _empty_warehouse() -> Iterator[None]:
    """Whatever a test put into ClickHouse is gone when the next begins."""
    yield
    tables = warehouse.client().query("SELECT name FROM system.tables WHERE database = 'events' AND total_rows > 0")
    for (table,) in tables.result_rows:
        warehouse.run(f"TRUNCATE TABLE events.{table}")
