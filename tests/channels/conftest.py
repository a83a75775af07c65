import pytest

from homeground.channels.models import Channel
from homeground.channels.services import install_defaults
from homeground.core.env import env


@pytest.fixture
def base_url(live_server, monkeypatch) -> str:
    """This deployment, listening: links, the sandbox and its receipts go there."""
    monkeypatch.setitem(env.__dict__, "base_url", live_server.url)
    return live_server.url


@pytest.fixture
def phone(transactional_db) -> Channel:
    install_defaults()
    return Channel.objects.get(slug="phone")


@pytest.fixture
def sleepless(monkeypatch) -> list[float]:
    """The waits that sending asked for; none is waited."""
    waits: list[float] = []
    monkeypatch.setattr("homeground.channels.services.sending.sleep", waits.append)
    return waits
