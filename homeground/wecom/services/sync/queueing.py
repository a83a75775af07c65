"""Syncs in the background: the job is deferred by name, the page goes on."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def queue_sync(full: bool) -> None:
    """Have a worker sync. One that waits already is enough."""
    with suppress(AlreadyEnqueued):
        app.configure_task("wecom.sync", queueing_lock="wecom.sync").defer(full=full)


def queue_member(userid: str) -> None:
    """Have a worker read one member's contacts anew."""
    with suppress(AlreadyEnqueued):
        app.configure_task("wecom.sync_member", queueing_lock=f"wecom.sync_member.{userid}").defer(userid=userid)
