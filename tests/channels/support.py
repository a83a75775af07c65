"""What tests of channels share: customers, messages to send, and servers that stand for the outside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from homeground.channels.models import Channel
from homeground.channels.services import Outgoing
from homeground.events.models import StreamEvent
from homeground.people.models import Consent, Customer

_touches = count(1)


def make_customer(name: str = "王小明") -> Customer:
    return Customer.objects.create(name=name)


def outgoing(customer_id: int = 1, **changes: Any) -> Outgoing:
    touch = next(_touches)
    plain = {
        "touch_id": touch,
        "customer_id": customer_id,
        "address": "13800000001",
        "subject": "好久不见",
        "body": "您的专属优惠：https://shop.example/sale?a=1&b=2。仅限三天",
        "campaign_id": 7,
        "is_promotion": True,
        "key": f"touch-{touch}",
    }
    return Outgoing(**{**plain, **changes})


def email_channel(port: int, **changes: Any) -> Channel:
    channel = Channel.objects.get(slug="email")
    channel.settings = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "from_address": "hello@brand.example",
        "from_name": "主场品牌",
        "timeout_seconds": 1,
        **changes,
    }
    channel.is_enabled = True
    channel.save()
    return channel


def webhook_channel(url: str, **changes: Any) -> Channel:
    channel = Channel.objects.get(slug="webhook")
    channel.settings = {
        "url": url,
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "timeout_seconds": 1,
        "allowed_hosts": "127.0.0.1",
        **changes,
    }
    channel.is_enabled = True
    channel.save()
    return channel


def recorded(name: str) -> list[StreamEvent]:
    return list(StreamEvent.objects.filter(name=f"channels.message_{name}").order_by("id"))


def decisions() -> list[tuple[int, str, str, bool, str]]:
    rows = Consent.objects.order_by("pk")
    return [(row.customer_id, row.purpose, row.channel, row.is_granted, row.source) for row in rows]


@contextmanager
def http_server(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """A server on this machine that answers POSTs as told. Gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
