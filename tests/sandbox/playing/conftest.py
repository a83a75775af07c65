"""A corp with a few people, and a product that listens: it opens what it gets and answers as it is told."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from homeground.sandbox.models import Corp
from homeground.sandbox.services import callbacks
from homeground.sandbox.services.callbacks import crypto
from homeground.sandbox.services.wecom import corp as corps


@dataclass
class Product:
    """What arrived, in order, opened; `answers` are the next statuses, then always 200."""

    url: str = ""
    corp: Corp | None = None
    answers: list[int] = field(default_factory=list)
    opened: list[ElementTree.Element] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    is_liar: bool = False

    def take(self, path: str, body: bytes) -> int:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        hidden = ElementTree.fromstring(body).findtext("Encrypt") or ""
        wanted = crypto.signature(self.corp.token, query["timestamp"], query["nonce"], hidden)
        assert query["msg_signature"] == wanted
        xml, receiver = crypto.decrypted(hidden, self.corp.aes_key)
        assert receiver == self.corp.corpid
        status = self.answers.pop(0) if self.answers else 200
        self.raw.append(xml)
        if status == 200:
            self.opened.append(ElementTree.fromstring(xml))
        return status

    def echo(self, path: str) -> bytes:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        return b"hello" if self.is_liar else crypto.decrypted(query["echostr"], self.corp.aes_key)[0].encode()

    def changes(self) -> list[str]:
        """Send what is due; the kinds of change of all that was taken, in order."""
        callbacks.send_due()
        return [one.findtext("ChangeType") or one.findtext("Event") for one in self.opened]

    def last(self, name: str) -> str | None:
        return self.opened[-1].findtext(name)


@pytest.fixture
def product(db) -> Iterator[Product]:
    told = Product(corp=corps.corp())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(told.take(self.path, body), b"")

        def do_GET(self) -> None:
            self._answer(200, told.echo(self.path))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}/callbacks"
    callbacks.change_address(told.corp, told.url, is_checked=False)
    told.corp.refresh_from_db()
    yield told
    server.shutdown()
    server.server_close()
