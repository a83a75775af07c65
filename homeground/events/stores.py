"""Start what is embedded and bring both stores to this version."""

from collections.abc import Callable

from homeground.core.stores import migrated_database
from homeground.events import warehouse

Install = Callable[[], None]
_installs: list[Install] = []


def at_opening(install: Install) -> Install:
    """Register what a room puts into open stores: its default rows. A repeat must change nothing."""
    _installs.append(install)
    return install


def open_stores() -> None:
    """Start the embedded stores, migrate both and install the rooms' defaults, under a lock. Harmless to repeat."""
    with migrated_database():
        warehouse.migrate()
        for install in _installs:
            install()
