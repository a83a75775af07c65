"""Events onto the stream against the bare COPY of the same rows, already encoded, into the same table.

Two ways on: receive(), as rooms call it, and POST /api/v1/events with 1,000 events a request over four connections.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

from benchmarks import Result

SIZES = (50_000, 200_000)
A_REQUEST = 1_000
_COLUMNS = "day, key, name, customer_id, identities, source, happened_at, received_at, properties"
NOW = datetime.now(UTC)


def bench() -> list[Result]:
    """Both ways at both sizes. The server is a process of its own, with the stores by URL."""
    from homeground.events import door, partitions
    from homeground.events.stores import open_stores
    from homeground.ingest.services.tokens import create_token

    open_stores()
    partitions.keep_house()
    token = create_token("bench", ["ingest"])
    results = []
    with door.opened() as address, _server(_urls(address)) as port:
        for size in SIZES:
            results += [_by_call(size), _by_http(size, port, token)]
    return results


def incoming(start: int, count: int) -> list[Any]:
    """Some events of today."""
    from homeground.events.services import Incoming, key_of

    return [
        Incoming(
            name="page_viewed",
            key=key_of("bench", str(number)),
            stated_at=NOW,
            happened_at=NOW + timedelta(milliseconds=number),
            source="api",
            identities=[("device", f"d{number % 50_000}")],
            properties=_properties(number),
        )
        for number in range(start, start + count)
    ]


def tell(start: int, count: int) -> None:
    """Receive them."""
    from homeground.events.services import receive

    receive(incoming(start, count))


def empty() -> None:
    """Nothing on the stream, nothing in ClickHouse's way."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE stream_event, events_streambatch CASCADE")
        cursor.execute("CHECKPOINT")


def _by_call(size: int) -> Result:
    from homeground.events.services import receive

    empty()
    batches = [incoming(start, 10_000) for start in range(0, size, 10_000)]
    started = perf_counter()
    for batch in batches:
        receive(batch)
    return Result("receive()", size, "events", perf_counter() - started, _bare(size), goal=0.5)


def _by_http(size: int, port: int, token: str) -> Result:
    empty()
    bodies = [_body(start) for start in range(0, size, A_REQUEST)]
    started = perf_counter()
    with ThreadPoolExecutor(4) as senders:
        list(senders.map(lambda share: _send(share, port, token), [bodies[n::4] for n in range(4)]))
    return Result("ingest by HTTP", size, "events", perf_counter() - started, _bare(size), goal=0.5)


def _bare(size: int) -> float:
    """Seconds of COPY for the rows that are there, in as many transactions of 10,000 as receive() makes."""
    from django.db import connection, transaction

    pieces = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stream_event")
        assert cursor.fetchone() == (size,)
        for start in range(0, size, 10_000):
            piece = io.BytesIO()
            rows = f"SELECT {_COLUMNS} FROM stream_event ORDER BY id LIMIT 10000 OFFSET {start}"
            with cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT BINARY)") as copy:
                for chunk in copy:
                    piece.write(chunk)
            pieces.append(piece.getvalue())
    empty()
    into = f"COPY stream_event ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
    started = perf_counter()
    for whole in pieces:
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(into) as copy:
            copy.write(whole)
    return perf_counter() - started


def _properties(number: int) -> dict[str, Any]:
    return {"url": f"https://example.com/p/{number}", "title": "你好世界", "seconds": number % 600, "is_new": True}


def _body(start: int) -> bytes:
    return json.dumps(
        [
            {
                "name": "page_viewed",
                "at": (NOW + timedelta(milliseconds=number)).isoformat(),
                "id": str(number),
                "identities": {"device": f"d{number % 50_000}"},
                "properties": _properties(number),
            }
            for number in range(start, start + A_REQUEST)
        ]
    ).encode()


def _send(bodies: list[bytes], port: int, token: str) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/api/v1/events", body, headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 200, said
    connection.close()


def _urls(address: Any) -> dict[str, str]:
    from django.db import connection

    from homeground.events import door

    place = connection.settings_dict
    return {
        "HOMEGROUND_DATABASE_URL": f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}",
        "HOMEGROUND_EVENTS_URL": f"clickhouse://{door.USER}:{address.password}@127.0.0.1:{address.port}",
    }


@contextmanager
def _server(urls: dict[str, str]) -> Iterator[int]:
    main = "from homeground.config.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", main, "web", "--port", "0"], stderr=subprocess.PIPE, text=True, env=os.environ | urls
    )
    try:
        assert process.stderr
        line = next(line for line in process.stderr if "http://" in line)
        yield int(line.rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.wait(30)
