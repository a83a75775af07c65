"""Jobs that services set off by name; the jobs themselves are in tasks.py."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from homeground.service.services import sorting

READ_KF = "service.read_kf"


def queue_sorting() -> None:
    """New messages wait to be labelled. One such job in the queue is enough."""
    try:
        app.configure_task(sorting.JOB, queueing_lock=sorting.JOB).defer()
    except AlreadyEnqueued:
        return


def queue_kf(open_kfid: str, token: str) -> None:
    """An account of 微信客服 got something to read."""
    app.configure_task(READ_KF).defer(open_kfid=open_kfid, token=token)
