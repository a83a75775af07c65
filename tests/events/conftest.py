"""What tests of the stream stand on."""

from collections.abc import Iterator

import pytest

from homeground.events import facts


@pytest.fixture
def handlers() -> Iterator[None]:
    """Handlers that a test registers are gone when it ends."""
    before = {name: list(handlers) for name, handlers in facts._handlers.items()}
    yield
    facts._handlers.clear()
    facts._handlers.update(before)
