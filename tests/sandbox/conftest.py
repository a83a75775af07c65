import pytest

from homeground.channels.models import Channel
from homeground.channels.services import install_defaults
from homeground.core.env import env


@pytest.fixture
def phone_channel(live_server, monkeypatch, transactional_db) -> Channel:
    """The channel whose gateway is the sandbox of this deployment, which listens."""
    monkeypatch.setitem(env.__dict__, "base_url", live_server.url)
    install_defaults()
    return Channel.objects.get(slug="phone")
