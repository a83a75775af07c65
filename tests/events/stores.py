"""A ClickHouse over HTTP: another process that owns a folder of its own and opens its door."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from homeground.events.embedded import Address

_SERVE = """
import sys, threading
from homeground.events import door
stop = threading.Event()
with door.opened(stop) as address:
    print(address.port, address.password, flush=True)
    sys.stdin.read()
"""


@contextmanager
def neighbour(folder: Path) -> Iterator[Address]:
    """A process that owns the events of a folder and answers at the address."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env=os.environ | {"HOMEGROUND_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "homeground.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        port, password = process.stdout.readline().split()
        yield Address(int(port), password)
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def wait_until(true: object) -> None:
    """Wait until a condition holds; fail after 20 seconds."""
    assert callable(true)
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true in 20 seconds")
