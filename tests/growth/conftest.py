from collections.abc import Iterator

import pytest

from tests.growth.platform import Platform, playing


@pytest.fixture
def platform(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """A connected corp whose platform is played."""
    with playing(monkeypatch) as played:
        yield played
