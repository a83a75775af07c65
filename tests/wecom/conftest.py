from typing import Any

import httpx
import pytest

from homeground.core import time
from homeground.core.secrets import seal
from homeground.wecom.client import budget, tokens, transport
from homeground.wecom.models import App, Corp
from tests.wecom.sealing import AES_KEY, CORPID, TOKEN
from tests.wecom.small import SmallPlatform


@pytest.fixture
def corp() -> Corp:
    """A connected corp whose callbacks can be opened."""
    for slug in App.Slug.values:
        App.objects.create(
            slug=slug, sealed_secret=seal("secret"), sealed_callback_token=seal(TOKEN), sealed_aes_key=seal(AES_KEY)
        )
    return Corp.objects.create(
        pk=1, corpid=CORPID, base_url="http://127.0.0.1:9/sandbox/wecom/", connected_at=time.now()
    )


@pytest.fixture
def small(corp: Corp, monkeypatch: Any) -> SmallPlatform:
    """A connected corp with a small platform in memory behind it."""
    played = SmallPlatform()
    monkeypatch.setattr(
        transport,
        "pooled",
        lambda base_url: httpx.Client(base_url=base_url, transport=httpx.MockTransport(played), timeout=1),
    )
    monkeypatch.setattr(tokens, "_held", {})
    monkeypatch.setattr("homeground.wecom.client.api.sleep", lambda seconds: None)
    budget.forget()
    return played


@pytest.fixture(autouse=True)
def _nobody_welcomes(monkeypatch: Any) -> None:
    """No thread sends welcomes in a test, so batch work would wait for them in vain."""
    for module in ("callbacks.handling", "sync.pages", "sync.friends"):
        monkeypatch.setattr(f"homeground.wecom.services.{module}.give_way", lambda: None)
