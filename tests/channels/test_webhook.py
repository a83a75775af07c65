import json
import threading

import pytest

from homeground.channels.services import install_defaults, send
from homeground.core import time
from homeground.core.webhooks import verify
from tests.channels.support import http_server, outgoing, status, webhook_channel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _channels() -> None:
    install_defaults()


def test_each_message_is_one_signed_post():
    got = []

    def keep(handler, body):
        got.append((dict(handler.headers), body))
        status(204)(handler, body)

    with http_server(keep) as url:
        channel = webhook_channel(f"{url}/hook")
        batch = [outgoing(address=f"oid{number}") for number in range(20)]
        outcomes = send(channel, batch)

    assert [(outcome.touch_id, outcome.state) for outcome in outcomes] == [(one.touch_id, "sent") for one in batch]
    assert {headers["webhook-id"] for headers, _body in got} == {one.key for one in batch}
    assert all(verify(channel.settings["secret"], headers, body, time.now()) for headers, body in got)
    document = json.loads(got[0][1])
    assert document["type"] == "message.send"
    assert document["data"]["opt_out_url"] in document["data"]["body"]
    assert "https://shop.example/sale" not in document["data"]["body"]


@pytest.mark.parametrize(
    ("code", "state", "may_retry"),
    [(200, "sent", False), (400, "failed", False), (410, "failed", False), (429, "failed", True), (503, "failed", True),
     (500, "unknown", False), (504, "unknown", False), (302, "failed", False)],
)  # fmt: skip
def test_what_a_status_means(code, state, may_retry):
    with http_server(status(code, Location="http://169.254.169.254/")) as url:
        (outcome,) = send(webhook_channel(url), [outgoing()])
    assert (outcome.state, outcome.may_retry) == (state, may_retry)


def test_a_receiver_that_hangs_leaves_it_unknown_and_is_asked_once():
    asked, stop = [], threading.Event()

    def hang(handler, body):
        asked.append(body)
        stop.wait(5)

    with http_server(hang) as url:
        (outcome,) = send(webhook_channel(url, timeout_seconds=0.3), [outgoing()])
        stop.set()
    assert outcome.state == "unknown"
    assert len(asked) == 1


def test_a_private_address_is_refused_unless_the_owner_wrote_it_down():
    with http_server(status(200)) as url:
        (outcome,) = send(webhook_channel(url, allowed_hosts="intranet.lan"), [outgoing()])
    assert (outcome.state, outcome.may_retry) == ("failed", False)
    assert outcome.reason == "bad_settings: 127.0.0.1 is a private address"
