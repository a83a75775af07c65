"""The clock and the jobs of the room."""

import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from homeground.core.errors import BusinessError
from homeground.people.queries import brand
from homeground.wecom import (
    queries,
    tasks_sends,  # noqa: F401  Jobs are found in modules named tasks.
)
from homeground.wecom.errors import SyncRunning
from homeground.wecom.services import drift, sync, tags

log = logging.getLogger(__name__)


@app.task(name="wecom.sync")
def sync_corp(full: bool) -> None:
    """Sync in the background. One that another process runs is left to it."""
    try:
        sync.run(full)
    except SyncRunning:
        return


@app.task(name="wecom.sync_member")
def sync_member(userid: str) -> None:
    """Read one member's contacts anew."""
    sync.run_member(userid)


@app.task(name="wecom.compare")
def compare() -> None:
    """Compare our copy with the platform."""
    drift.compare()


@app.periodic(cron="*/3 * * * *")
@app.task(name="wecom.resume_sync", queueing_lock="wecom.resume_sync", pass_context=False)
def resume_sync(timestamp: int) -> None:
    """Go on with a sync that a crash or the platform interrupted."""
    if queries.is_connected():
        _quietly(sync.resume)


@app.periodic(cron="10 18 * * *")  # 02:10 in China: nobody works, the platform's day has turned.
@app.task(name="wecom.nightly", queueing_lock="wecom.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Every night: bring our copy in step, then compare the two. On Sundays everything is read."""
    if queries.is_connected():
        _quietly(lambda: sync.run(full=_is_sunday(timestamp)))
        _quietly(drift.compare)


@app.periodic(cron="*/5 * * * *")
@app.task(name="wecom.push_tags", queueing_lock="wecom.push_tags", pass_context=False)
def push_tags(timestamp: int) -> None:
    """Mark on the platform what was tagged here."""
    if queries.is_connected():
        _quietly(tags.push)


def _quietly(work: Callable[[], object]) -> None:
    """A refusal of the platform is for the page to show, and for the next time to try again."""
    try:
        work()
    except BusinessError as refusal:
        log.warning("%s", refusal)


def _is_sunday(timestamp: int) -> bool:
    return datetime.fromtimestamp(timestamp, ZoneInfo(brand().time_zone)).isoweekday() == 7
