"""The clock and the jobs of the room."""

from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from homeground.people.queries import brand
from homeground.wecom import queries
from homeground.wecom.errors import SyncRunning
from homeground.wecom.services import callbacks, drift, sync, tags
from homeground.wecom.tasks_sends import quietly  # Its jobs too: they are found in modules named tasks.


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
        quietly(sync.resume)


@app.periodic(cron="10 18 * * *")  # 02:10 in China: nobody works, the platform's day has turned.
@app.task(name="wecom.nightly", queueing_lock="wecom.nightly", pass_context=False)
def nightly(timestamp: int) -> None:
    """Every night: bring our copy in step, then compare the two. On Sundays everything is read."""
    if queries.is_connected():
        quietly(lambda: sync.run(full=_is_sunday(timestamp)))
        quietly(drift.compare)


@app.periodic(cron="40 18 * * *")
@app.task(name="wecom.forget_callbacks", queueing_lock="wecom.forget_callbacks", pass_context=False)
def forget_callbacks(timestamp: int) -> None:
    """Every night: drop callbacks that are long handled."""
    callbacks.forget_old()


@app.periodic(cron="*/5 * * * *")
@app.task(name="wecom.push_tags", queueing_lock="wecom.push_tags", pass_context=False)
def push_tags(timestamp: int) -> None:
    """Mark on the platform what was tagged here."""
    if queries.is_connected():
        quietly(tags.push)


def _is_sunday(timestamp: int) -> bool:
    return datetime.fromtimestamp(timestamp, ZoneInfo(brand().time_zone)).isoweekday() == 7
