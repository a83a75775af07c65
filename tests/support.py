"""What tests of every room use."""

from django.db import connection

from homeground.events import stream


def drain() -> int:
    """Pump the stream until nothing is waiting. Returns how many events were carried."""
    assert not connection.in_atomic_block, "only committed events are on the stream: mark the test transaction=True"
    return stream.drain()
