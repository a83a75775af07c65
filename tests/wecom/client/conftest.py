import httpx
import pytest

from homeground.core import time
from homeground.wecom.client import Api, api, budget, connect, jssdk, tokens, transport
from homeground.wecom.services import connecting
from tests.wecom.client.played import BASE_URL, CONTACT_SECRET, CORPID, KEY, SECRET, Played


@pytest.fixture
def platform(monkeypatch) -> Played:
    """The platform, not connected yet; nothing that a process keeps is left from the test before."""
    played = Played()
    monkeypatch.setattr(
        transport,
        "pooled",
        lambda base_url: httpx.Client(base_url=base_url, transport=httpx.MockTransport(played), timeout=1),
    )
    monkeypatch.setattr(tokens, "_held", {})
    monkeypatch.setattr(jssdk, "_tickets", {})
    budget.forget()
    return played


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """What the client would have slept; none is slept, and the clock goes on by it."""
    waited: list[float] = []
    real = time.now

    def sleep(seconds: float) -> None:
        waited.append(seconds)

    def now():
        from datetime import timedelta

        return real() + timedelta(seconds=sum(waited))

    monkeypatch.setattr(api, "sleep", sleep)
    monkeypatch.setattr(budget, "sleep", sleep)
    monkeypatch.setattr(time, "now", now)
    return waited


@pytest.fixture
def wecom(db, platform, waits) -> Api:
    """The connected corp's contact app; the platform has been asked nothing since."""
    connect_played()
    platform.asked.clear()
    return connect()


def connect_played(**changes):
    return connecting.connect_corp(
        **{
            "corpid": CORPID,
            "contact_secret": CONTACT_SECRET,
            "secret": SECRET,
            "agentid": "1000002",
            "token": "SbxToken2026",
            "aes_key": KEY,
            "base_url": BASE_URL,
        }
        | changes
    )
