"""Comparing in the background."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def queue_compare() -> None:
    """Have a worker compare. One that waits already is enough."""
    with suppress(AlreadyEnqueued):
        app.configure_task("wecom.compare", queueing_lock="wecom.compare").defer()
