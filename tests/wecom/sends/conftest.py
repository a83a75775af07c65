import pytest

from tests.wecom.sends import platform as played


@pytest.fixture
def platform(db, monkeypatch):
    """A connected corp of the sandbox."""
    return played.connect(monkeypatch)
