"""segment-analytics-python, unmodified, against a server that really listens."""

import threading
from collections.abc import Iterator

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from segment.analytics.client import Client as Sdk
from waitress import create_server, wasyncore

from homeground.events.models import StreamEvent
from tests.ingest.support import token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def origin() -> Iterator[str]:
    def application(environ, start_response):
        try:
            return get_wsgi_application()(environ, start_response)
        finally:
            connections.close_all()  # The test database is dropped when its tests are over.

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown(timeout=10)
    server.close()
    wasyncore.close_all(server._map)
    thread.join(timeout=10)


@pytest.mark.parametrize("gzip", [False, True])
def test_the_sdk_works_unmodified(origin, gzip):
    errors = []
    sdk = Sdk(token(), host=origin, gzip=gzip, on_error=lambda error, _items: errors.append(error))
    sdk.identify("u1", {"email": "li@example.com", "city": "杭州"})
    sdk.track("u1", "Order Viewed", {"amount": 12.5, "odd": float("nan")}, anonymous_id="a1")
    sdk.page("u1", "shop", "home", {"url": "https://shop.example/"})
    sdk.screen("u1", "app", "home")
    sdk.group("u1", "g1", {"name": "VIP"})
    sdk.alias("a0", "u1")
    for number in range(250):
        sdk.track(f"u{number}", "Ticked", {"number": number})
    sdk.flush()
    sdk.join()

    assert errors == []
    names = list(StreamEvent.objects.values_list("name", flat=True))
    assert names.count("Ticked") == 250
    assert set(names) == {
        "identified", "Order Viewed", "page_viewed", "screen_viewed", "grouped", "aliased", "Ticked",
    }  # fmt: skip
    viewed = StreamEvent.objects.get(name="Order Viewed")
    assert viewed.identities == [["user_id", "u1"], ["anonymous", "a1"]]
    assert viewed.properties["amount"] == 12.5


def test_the_sdk_hears_of_a_wrong_token_at_once(origin):
    errors = []
    sdk = Sdk("hg_wrong", host=origin, on_error=lambda error, _items: errors.append(error))
    sdk.track("u1", "Opened")
    sdk.flush()
    sdk.join()

    assert [error.status for error in errors] == [401]
    assert errors[0].code == "bad_token"
    assert not StreamEvent.objects.exists()
