"""The door of the embedded event store: its owner answers ClickHouse's HTTP protocol on loopback.

So the other processes of the same data folder use the client that they would use with a server.
"""

import base64
import hmac
import re
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import chdb
import lz4.frame  # type: ignore[import-untyped]

from homeground.events import embedded
from homeground.events.errors import StoreHeldElsewhere

USER = "homeground"
_CHUNK = 1 << 20
_INSERT = re.compile(rb"\s*INSERT\s+INTO\s[^\n]*\sFORMAT\s+\w+\s*\Z", re.IGNORECASE)
_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
_SELECT = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)  # What the engine can give piece by piece.
_STREAMED = {"Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow"}  # Formats without head or foot.
# Of the transport or of real servers alone; every other parameter is a setting.
_NOT_SETTINGS = {
    "query", "database", "query_id", "session_id", "session_timeout", "session_check", "compress", "decompress",
    "wait_end_of_query", "client_protocol_version", "role", "quota_key", "buffer_size", "default_format",
    "send_progress_in_http_headers", "http_headers_progress_interval_ms", "enable_http_compression",
    "cancel_http_readonly_queries_on_client_close",
}  # fmt: skip


def serve(stop: threading.Event) -> None:
    """Own the store and answer its siblings until stop is set. Raises StoreHeldElsewhere after ten seconds in vain."""
    with opened(stop):
        stop.wait()


@contextmanager
def opened(stop: threading.Event | None = None) -> Iterator[embedded.Address]:
    """The door stands open while the block runs."""
    _own(stop or threading.Event())
    password = secrets.token_urlsafe(32)
    server = _Server(("127.0.0.1", 0), _Visit)
    server.expected = "Basic " + base64.b64encode(f"{USER}:{password}".encode()).decode()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="door", daemon=True)
    thread.start()
    address = embedded.Address(server.server_address[1], password)
    embedded.announce(address)
    try:
        yield address
    finally:
        embedded.withdraw()
        server.shutdown()
        server.server_close()
        thread.join()


def _own(stop: threading.Event) -> None:
    for _ in range(100):
        if embedded.own():
            return
        stop.wait(0.1)
    raise StoreHeldElsewhere(str(embedded.engine_folder()))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    expected: str


class _Visit(BaseHTTPRequestHandler):
    """One connection. Each request has an engine handle of its own (1 ms): settings of one never reach another."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self._answer(b"Ok.\n")
        else:
            self.do_POST()

    def do_POST(self) -> None:
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), self.server.expected.encode()):
            return self._refuse(516, "Authentication failed", status=403)
        with tempfile.TemporaryFile() as body:
            self._read_into(body)
            with _handle() as engine:
                try:
                    self._run(engine, body)
                except (chdb.ChdbError, RuntimeError) as error:
                    text = str(error)
                    code = re.search(r"Code: (\d+)", text)
                    self._refuse(int(code[1]) if code else 1001, text[text.find("Code: ") :] if code else text)

    def _run(self, engine: Any, body: IO[bytes]) -> None:
        params = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if self.headers.get_content_maintype() == "multipart":
            params |= _form(self.headers["Content-Type"], body.read())
        _set_up(engine, params)
        values = {name.removeprefix("param_"): value for name, value in params.items() if name.startswith("param_")}
        statement = params["query"].encode() if "query" in params else body.readline()
        if _INSERT.match(statement):
            return self._insert(engine, statement.decode(), body)
        self._query(engine, params.get("query") or (statement + body.read()).decode(), values)

    def _insert(self, engine: Any, statement: str, body: IO[bytes]) -> None:
        place, kind = re.split(r"\sFORMAT\s+", statement.strip(), flags=re.IGNORECASE)
        # From a file in one piece, as the client in the owner's process does: the same blocks, the same tokens.
        with tempfile.NamedTemporaryFile() as file:
            while chunk := body.read(_CHUNK):
                file.write(chunk)
            file.flush()
            done = engine.query(f"{place} FROM INFILE '{file.name}' FORMAT {kind}", "TabSeparated")
        self._answer(b"", {"X-ClickHouse-Summary": dumps({"written_rows": str(done.rows_read())})})

    def _query(self, engine: Any, sql: str, values: dict[str, str]) -> None:
        kind = _FORMAT.search(sql)
        if kind and kind[1] in _STREAMED and _SELECT.match(sql):
            return self._stream(engine.send_query(sql, kind[1], params=values), kind[1])
        if kind:
            return self._answer(engine.query(sql, kind[1], params=values).bytes(), {"X-ClickHouse-Format": kind[1]})
        # With names: a statement that has a result gives at least a line of them, any other gives nothing.
        found = engine.query(sql, "TabSeparatedWithNames", params=values).bytes() or b""
        head, _, rows = found.partition(b"\n")
        self._answer(rows, {"X-ClickHouse-Format": "TabSeparated"} if head else {})

    def _stream(self, pieces: Any, kind: str) -> None:
        first = next(pieces, None)  # A statement that fails does so here, before the status line.
        self.send_response(200)
        self.send_header("X-ClickHouse-Format", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while first is not None:
            piece = first.bytes()
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            first = next(pieces, None)
        self.wfile.write(b"0\r\n\r\n")

    def _answer(self, body: bytes, headers: dict[str, str] | None = None, status: int = 200) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, code: int, text: str, status: int = 500) -> None:
        self._answer(text.encode(), {"X-ClickHouse-Exception-Code": str(code)}, status)

    def _read_into(self, body: IO[bytes]) -> None:
        inflate = lz4.frame.LZ4FrameDecompressor() if self.headers.get("Content-Encoding") == "lz4" else None
        for chunk in self._chunks():
            body.write(inflate.decompress(chunk) if inflate else chunk)
        body.seek(0)

    def _chunks(self) -> Iterator[bytes]:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: statements may name people."""


@contextmanager
def _handle() -> Iterator[Any]:
    engine: Any = chdb.connect(str(embedded.engine_folder()))  # type: ignore[no-untyped-call]
    try:
        yield engine
    finally:
        engine.close()


def _set_up(engine: Any, params: dict[str, str]) -> None:
    if database := params.get("database"):
        engine.query(f"USE {_quoted(database, '`')}", "TabSeparated")
    for name, value in params.items():
        if name not in _NOT_SETTINGS and not name.startswith("param_"):
            engine.query(f"SET {_quoted(name, '`')} = {_quoted(value)}", "TabSeparated")


def _quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark


def _form(content_type: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts: Any = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
    return {
        part.get_param("name", header="Content-Disposition"): part.get_payload(decode=True).decode() for part in parts
    }
