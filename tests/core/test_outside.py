import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from homeground.core import outside

PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[ff02::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[64:ff9b::7f00:1]/",
]


def answers(monkeypatch, *rounds):
    """A resolver that gives these addresses, one round a question."""
    left, real = iter(rounds), socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host.replace(".", "").isdigit():  # An address: the connection's own question.
            return real(host, port, *args, **kwargs)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in next(left)
        ]

    monkeypatch.setattr("homeground.core.outside.socket.getaddrinfo", resolve)


@contextmanager
def https_server(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    """A server on this machine with a certificate of its own for a name. Gives its port and the certificate."""
    key, pem = ec.generate_private_key(ec.SECP256R1()), folder / "server.pem"
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(
        key, hashes.SHA256()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *args: None  # A refused certificate breaks the line; that is the point.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_port, pem
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_in_every_spelling(url):
    with pytest.raises((outside.AddressRefused, outside.NotConnected)) as refusal:
        outside.post(url, b"", {}, seconds=1)
    if refusal.type is outside.NotConnected:  # Some resolvers do not read odd spellings at all.
        assert str(refusal.value) == "the name does not resolve"


@pytest.mark.parametrize(
    "url",
    ["ftp://shop.example/", "file:///etc/passwd", "gopher://x/", "//shop.example/", "http:///x", "http://a:b@shop.example/",
     "http://shop.example:99999/", "http://[::1/", "javascript:alert(1)", ""],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises(outside.AddressRefused):
        outside.post(url, b"", {}, seconds=1)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://nas/", "http://a.lan./"]
)
def test_a_private_place_is_told_by_its_name_alone(url):
    with pytest.raises(outside.AddressRefused, match="private"):
        outside.look_at(url)


def test_a_name_that_may_be_public_is_not_asked_about(monkeypatch):
    monkeypatch.setattr(outside, "_is_public", lambda address: pytest.fail("it is a name"))

    outside.look_at("https://shop.example.com/hook")
    outside.look_at("http://nas.lan:8080/hook", allowed_hosts=["nas.lan:8080"])


def test_one_private_address_among_public_ones_is_refused(monkeypatch):
    answers(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(outside.AddressRefused):
        outside.resolve("https://shop.example/")


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    """A name that answers publicly first and privately afterwards gets no second question."""
    answers(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    called = []
    monkeypatch.setattr(outside, "_exchange", lambda parts, address, *rest: called.append(address))

    outside.post("http://rebinding.example/", b"", {}, seconds=1)

    assert called == ["93.184.216.34"]


def test_the_connection_goes_to_the_address_and_names_the_host():
    seen = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.update(host=self.headers["Host"], path=self.path, body=self.rfile.read(2))
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        host = f"localhost:{server.server_port}"
        answer = outside.post(f"http://{host}/in?a=1", b"hi", {}, seconds=2, allowed_hosts=[host])
    finally:
        server.shutdown()
        server.server_close()

    assert answer.status == 302  # Told, not followed.
    assert seen == {"host": host, "path": "/in?a=1", "body": b"hi"}


def test_allowing_one_host_allows_no_other():
    with pytest.raises(outside.AddressRefused):
        outside.post("http://127.0.0.1/", b"", {}, seconds=1, allowed_hosts=["localhost", "10.0.0.1"])


@pytest.mark.parametrize("does", ["hangs", "drips", "breaks", "talks nonsense"])
def test_after_the_request_went_out_nobody_knows(does):
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                if does == "talks nonsense":
                    line.sendall(b"what?\r\n\r\n")
                if does == "drips":
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                    while not stop.wait(0.05):
                        line.sendall(b".")
                if does == "hangs":
                    stop.wait(5)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            with pytest.raises(outside.NoAnswer):
                outside.post(
                    f"http://127.0.0.1:{listening.getsockname()[1]}/",
                    b"x",
                    {},
                    seconds=0.3,
                    allowed_hosts=["127.0.0.1"],
                )
        finally:
            stop.set()
            thread.join(2)


def test_a_closed_port_is_surely_not_reached():
    with pytest.raises(outside.NotConnected):
        outside.post("http://127.0.0.1:9/", b"", {}, seconds=1, allowed_hosts=["127.0.0.1"])


def test_no_more_of_an_answer_is_read_than_we_want():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            for _piece in range(64):
                self.wfile.write(b"x" * 65536)

        def log_message(self, *args):
            pass

        def handle_one_request(self):
            try:
                super().handle_one_request()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        answer = outside.post(url, b"", {}, seconds=5, allowed_hosts=["127.0.0.1"])
    finally:
        server.shutdown()
        server.server_close()
    assert len(answer.body) == outside.ANSWER_BYTES


def test_the_certificate_must_be_the_names(monkeypatch, tmp_path):
    """The name is resolved here and the address called, so the name must still be what TLS checks."""
    trusted = ssl.create_default_context()
    with https_server(tmp_path, "shop.example") as (port, authority):
        trusted.load_verify_locations(authority)
        monkeypatch.setattr(outside.httpx, "Client", partial(httpx.Client, verify=trusted))
        for name, is_taken in (("shop.example", True), ("other.example", False)):
            answers(monkeypatch, ["127.0.0.1"])
            url = f"https://{name}:{port}/"
            if is_taken:
                assert outside.post(url, b"x", {}, seconds=2, allowed_hosts=[name]).status == 200
            else:
                with pytest.raises(outside.NotConnected):
                    outside.post(url, b"x", {}, seconds=2, allowed_hosts=[name])
