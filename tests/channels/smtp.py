"""A mail server of a few lines that keeps what it gets and misbehaves when told to."""

import base64
import socketserver
import threading
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Any


class SmtpSink:
    """Listens while the block runs. mails: (sender, recipients, text) in order."""

    def __init__(
        self,
        *,
        rcpt: Mapping[str, str] | None = None,
        after_text: str = "250 taken",
        drops_after_text_of: Collection[str] = (),
        silent_after_text: bool = False,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.rcpt, self.after_text, self.drops = rcpt or {}, after_text, set(drops_after_text_of)
        self.is_silent, self.login = silent_after_text, login
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.connections = 0
        self.stop = threading.Event()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink.connections += 1
                _Talk(sink, self).run()

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self) -> "SmtpSink":
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()


class _Talk:
    """One connection."""

    def __init__(self, sink: SmtpSink, handler: socketserver.StreamRequestHandler) -> None:
        self.sink, self.handler = sink, handler
        self.sender, self.recipients = "", list[str]()

    def say(self, line: str) -> None:
        self.handler.wfile.write(f"{line}\r\n".encode())

    def run(self) -> None:
        self.say("220 sink")
        while line := self.handler.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                return self.say("221 bye")
            if self.answer(verb.upper(), rest) is False:
                return None
        return None

    def answer(self, verb: str, rest: str) -> bool | None:
        if verb == "EHLO":
            self.say("250-sink\r\n250 AUTH PLAIN" if self.sink.login else "250 sink")
        elif verb == "AUTH":
            wanted = base64.b64encode("\0{}\0{}".format(*self.sink.login or ("", "")).encode()).decode()
            self.say("235 welcome" if rest == f"PLAIN {wanted}" else "535 who are you")
        elif verb == "MAIL":
            self.sender, self.recipients = rest[6:].split(">")[0], []
            self.say("250 ok")
        elif verb == "RCPT":
            self.to(rest[4:].split(">")[0])
        elif verb == "DATA":
            return self.text()
        else:
            self.say("250 ok")
        return None

    def to(self, address: str) -> None:
        refusal = self.sink.rcpt.get(address)
        if refusal is None:
            self.recipients.append(address)
        self.say(refusal or "250 ok")

    def text(self) -> bool | None:
        self.say("354 go on")
        lines = []
        while (line := self.handler.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.sink.after_text.startswith("250"):
            self.sink.mails.append((self.sender, self.recipients, b"".join(lines)))
        if self.sink.is_silent:
            self.sink.stop.wait(10)
        if self.sink.drops & set(self.recipients):
            return False
        self.say(self.sink.after_text)
        return None
