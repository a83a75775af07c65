"""A phone gateway in this process that counts what it delivers: by key, once each, as the real one."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

from homeground.channels.models import Channel


class Gateway:
    """What arrived: deliveries by address, and requests by key."""

    def __init__(self, pause_seconds=0.0):
        self.pause_seconds = pause_seconds
        self.delivered = Counter()
        self.requested = Counter()
        self.bodies = {}
        self.keys = set()
        self.statuses = []  # Answers to give before it works: 503, 500 …
        self._lock = threading.Lock()

    def answer(self, path, document):
        if path.endswith("/known"):
            return 200, {"arrived": [key for key in document["keys"] if key in self.keys]}
        if self.statuses:
            return self.statuses.pop(0), {}
        results = [self._take(message) for message in document["messages"]]
        sleep(self.pause_seconds)
        return 200, {"results": results}

    def _take(self, message):
        with self._lock:
            self.requested[message["key"]] += 1
            if message["key"] in self.keys:
                return {"key": message["key"], "status": "duplicate"}
            self.keys.add(message["key"])
            self.delivered[message["address"]] += 1
            self.bodies[message["address"]] = message["body"]
            return {"key": message["key"], "status": "accepted"}


@contextmanager
def open_gateway(**options):
    """A gateway that listens while the block runs, and the phone channel set to it."""
    gateway = Gateway(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            document = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = gateway.answer(self.path, document)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        place_channel(server.server_port)
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def place_channel(port, slug="phone"):
    channel, _made = Channel.objects.get_or_create(
        slug=slug, defaults={"name": slug, "kind": "phone", "address_kinds": ["phone"], "is_enabled": True}
    )
    channel.settings = {
        "base_url": f"http://127.0.0.1:{port}",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "timeout_seconds": 10,
        "allowed_hosts": f"127.0.0.1:{port}",
    }
    channel.save()
    return channel
