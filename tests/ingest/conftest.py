"""Tokens are remembered per process, and rows are rolled back: forget them between tests."""

from collections.abc import Iterator

import pytest

from homeground.ingest.services.tokens import forget_tokens


@pytest.fixture(autouse=True)
def _no_token_remembered() -> Iterator[None]:
    forget_tokens()
    yield
    forget_tokens()
