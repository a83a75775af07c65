"""The clock of mass sends and Moments."""

import logging
from collections.abc import Callable
from functools import partial

from procrastinate.contrib.django import app

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.wecom.queries import is_connected
from homeground.wecom.services import mass_sends, moments

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="wecom.poll_sends", queueing_lock="wecom.poll_sends", lock="wecom.sends", pass_context=False)
def poll_sends(timestamp: int) -> None:
    """Every minute: settle what nobody knows, and ask about the sends and posts whose turn has come."""
    if not is_connected():
        return
    at = time.now()
    for work in (mass_sends.reconcile, moments.reconcile, mass_sends.poll, moments.poll):
        quietly(partial(work, at))


@app.periodic(cron="*/20 * * * *")
@app.task(name="wecom.read_record", queueing_lock="wecom.read_record", lock="wecom.sends", pass_context=False)
def read_record(timestamp: int) -> None:
    """Every 20 minutes: sends and posts that others made, which count for the quota and the feed."""
    if not is_connected():
        return
    quietly(mass_sends.read_others)
    quietly(moments.read_others)


@app.periodic(cron="17 4 * * *")
@app.task(name="wecom.drop_tags", queueing_lock="wecom.drop_tags", pass_context=False)
def drop_tags(timestamp: int) -> None:
    """Every night: delete the tags of posts that are over."""
    if is_connected():
        quietly(moments.drop_tags)


@app.task(name="wecom.withdraw_campaign", lock="wecom.sends", retry=5)
def withdraw_campaign(campaign_id: int) -> None:
    """Stop what staff have not confirmed of a cancelled campaign, and read what they had."""
    mass_sends.withdraw_campaign(campaign_id)
    moments.withdraw_campaign(campaign_id)


def quietly(work: Callable[[], object]) -> None:
    """A refusal of the platform is for the page to show, and for the next time to try again."""
    try:
        work()
    except BusinessError as refusal:
        log.warning("%s", refusal)
