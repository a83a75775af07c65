"""Calls to other systems: signed, once however often tried, never into the private network."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from homeground.core import secrets, webhooks
from homeground.journeys.models import WebhookCall, WebhookSettings
from homeground.journeys.services import calling
from homeground.journeys.services.walking.engine import walk
from tests.journeys.engine import END, let_in, make_journey
from tests.journeys.world import NOON, make_customer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Receiver:
    """Another system: what it got, and what it says."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Quiet."""

        return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    thread.join()


def owe(url: str) -> WebhookCall:
    journey = make_journey({"h": {"kind": "webhook", "name": "x", "url": url, "next": END}})
    let_in(journey, make_customer())
    walk(journey.pk, NOON)
    return WebhookCall.objects.get()


def test_a_call_arrives_signed_and_once(receiver):
    calling.allow_hosts([receiver.host])
    owed = owe(f"http://{receiver.host}/hook")

    assert (calling.send_calls(NOON), calling.send_calls(NOON)) == (1, 0)

    ((headers, body),) = receiver.got
    assert webhooks.verify(calling.webhook_secret(), headers, body, NOON)
    assert headers["webhook-id"] == str(owed.key)
    assert orjson.loads(body)["data"]["enrolment_id"] == owed.enrolment_id
    owed.refresh_from_db()
    assert (owed.state, owed.attempts, owed.settled_at) == ("sent", 1, NOON)


def test_a_call_that_is_not_taken_is_tried_again_under_the_same_key(receiver):
    calling.allow_hosts([receiver.host])
    receiver.answers = [500, 500]
    owed = owe(f"http://{receiver.host}/hook")

    taken = [calling.send_calls(NOON + n * MINUTE) for n in (0, 1, 2, 7)]

    assert taken == [0, 0, 0, 1]  # After 5 seconds, and then after 5 minutes.
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {str(owed.key)}
    assert len(receiver.got) == 3


def test_who_wants_no_more_is_not_called_again(receiver):
    calling.allow_hosts([receiver.host])
    receiver.answers = [410]
    owed = owe(f"http://{receiver.host}/hook")

    calling.send_calls(NOON)
    calling.send_calls(NOON + timedelta(days=2))

    owed.refresh_from_db()
    assert (owed.state, owed.error, len(receiver.got)) == ("failed", "HTTP 410", 1)


def test_after_a_day_of_tries_it_is_given_up(receiver):
    calling.allow_hosts([receiver.host])
    receiver.answers = [500] * 20
    owed = owe(f"http://{receiver.host}/hook")

    for hour in range(60):
        calling.send_calls(NOON + timedelta(hours=hour))

    owed.refresh_from_db()
    assert (owed.state, owed.attempts, len(receiver.got)) == ("failed", 8, 8)


def test_a_private_address_is_refused_at_once(receiver):
    owed = owe(f"http://{receiver.host}/hook")

    calling.send_calls(NOON)

    owed.refresh_from_db()
    assert owed.state == "failed"
    assert "private address" in owed.error
    assert not receiver.got


def test_a_call_whose_sender_died_is_tried_again(receiver):
    calling.allow_hosts([receiver.host])
    owe(f"http://{receiver.host}/hook")
    calling._claim(NOON)  # And then it dies.

    assert calling.send_calls(NOON + MINUTE) == 0
    assert calling.send_calls(NOON + 6 * MINUTE) == 1


def test_the_secret_is_sealed_made_once_and_renewed_when_asked():
    first = calling.webhook_secret()
    assert first == calling.webhook_secret()

    row = WebhookSettings.objects.get()
    assert first not in row.secret
    assert secrets.unseal(row.secret) == first
    assert calling.renew_webhook_secret() == calling.webhook_secret() != first
