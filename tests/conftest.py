"""What every test stands on: both stores real and empty."""

from collections.abc import Iterator

import pytest

from homeground.events import warehouse
from tests.browser import browser, console_page, open_page, owner, phone_page

__all__ = ["browser", "console_page", "open_page", "owner", "phone_page"]


@pytest.fixture(scope="session", autouse=True)
def _migrated_warehouse() -> None:
    warehouse.migrate()


@pytest.fixture(autouse=True)
def _empty_warehouse() -> Iterator[None]:
    """Whatever a test put into ClickHouse is gone when the next begins."""
    yield
    tables = warehouse.client().query("SELECT name FROM system.tables WHERE database = 'events' AND total_rows > 0")
    for (table,) in tables.result_rows:
        warehouse.run(f"TRUNCATE TABLE events.{table}")
