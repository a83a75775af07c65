"""The first full sync of a corp against the sandbox's API, beside what the platform's documented limits allow.

bare: the seconds that 10,000 calls a minute of 100 contacts each take at least (document 90312); the real platform's
own time for an answer comes on top. "writing" is our share: identities, contacts, follows, tags and facts, in this
process and in PostgreSQL; "whole" also waits for the sandbox, which shares this machine's cores.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from benchmarks import Result
from benchmarks.ingest import _urls

SIZES = ((20, 30_000), (200, 300_000))
_CALLS_A_MINUTE, _CONTACTS_A_CALL = 10_000, 100


def bench() -> list[Result]:
    """Both sizes, each a corp of its own added to the one before."""
    from homeground.events import door, partitions
    from homeground.events.stores import open_stores

    open_stores()
    partitions.keep_house()
    results: list[Result] = []
    with door.opened() as address, site(_urls(address)) as port:
        for staff, customers in SIZES:
            results += _synced(port, staff, customers)
    return results


def _synced(port: int, staff: int, customers: int) -> list[Result]:
    from homeground.wecom.services import drift, sync
    from homeground.wecom.services.sync import friends

    connect(port, staff, customers)
    spent = [0.0]
    write = friends._write

    def timed(*given: Any) -> None:
        started = perf_counter()
        write(*given)
        spent[0] += perf_counter() - started

    friends._write = timed
    started = perf_counter()
    run = sync.run(full=True)
    whole = perf_counter() - started
    friends._write = write
    run.refresh_from_db()
    assert drift.compare().differences == 0
    size = run.counts["follows"]
    least = size / _CONTACTS_A_CALL / _CALLS_A_MINUTE * 60
    print(f"{size} follows: {whole:.1f} s, writing {spent[0] / size * 1e6:.0f} µs each", file=sys.stderr)
    return [
        Result("first sync, writing", size, "follows", spent[0], least, goal=None),
        Result("first sync, whole", size, "follows", whole, least, goal=None),
    ]


def connect(port: int, staff: int, customers: int) -> None:
    """A simulated corp behind the server at this port, connected. Each size has a seed of its own."""
    from homeground.sandbox.services import simulating
    from homeground.sandbox.services.wecom.corp import change, credentials
    from homeground.wecom.services.connecting import connect_corp

    simulating.build(staff, customers, seed=customers)
    base = f"http://127.0.0.1:{port}/"
    change(callback_url=f"{base}callbacks/wecom/contact")
    keys = credentials()
    connect_corp(
        corpid=keys["corpid"],
        contact_secret=keys["contact_secret"],
        secret=keys["secret"],
        agentid=str(keys["agentid"]),
        token=keys["token"],
        aes_key=keys["aes_key"],
        base_url=f"{base}sandbox/wecom/",
    )


@contextmanager
def site(urls: dict[str, str], *, niceness: int = 0) -> Iterator[int]:
    """A process that serves pages, callbacks and the sandbox; the port. What it logs is read, or it would stop.

    niceness: above 0 for a platform that in truth has machines of its own: it takes the processor that is left over.
    """
    process = subprocess.Popen(
        [
            "nice",
            "-n",
            str(niceness),
            sys.executable,
            "-c",
            "from homeground.config.cli import main; main()",
            "web",
            "--port",
            "0",
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | urls,
    )
    assert process.stderr
    try:
        line = next(line for line in process.stderr if "http://" in line)
        threading.Thread(target=lambda: [None for _line in process.stderr or ()], daemon=True).start()
        yield int(line.rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.wait(30)
