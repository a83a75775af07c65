"""The clock and the jobs of the room."""

from contextlib import suppress

from procrastinate.contrib.django import app

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.errors import BeingSent
from homeground.journeys.services import calling, intakes, publishing
from homeground.journeys.services.walking import dating
from homeground.segments.errors import SegmentBusy


@app.task(name="journeys.dispatch")
def dispatch_campaign(campaign_id: int) -> None:
    """Send what is due of one campaign. One that another process sends is left to it."""
    try:
        services.dispatch(campaign_id)
    except BeingSent:
        return


@app.periodic(cron="* * * * *")
@app.task(name="journeys.dispatch_due", queueing_lock="journeys.dispatch_due", pass_context=False)
def dispatch_due(timestamp: int) -> None:
    """Every minute: go on with campaigns that have something due, after a quiet hour, a back-off or a crash."""
    for campaign_id in services.campaigns_due(time.now()):
        services.queue_dispatch(campaign_id)


@app.task(name="journeys.enter_existing", pass_context=False)
def enter_existing(version_id: int) -> None:
    """Let in who is in the segments of a new version's entries already."""
    intakes.begin_existing(version_id)


@app.task(name="journeys.take_in", pass_context=False)
def take_in(intake_id: int) -> None:
    """Let the members of a segment in. While the segment is being computed it is left to the next look."""
    with suppress(SegmentBusy):
        intakes.take_in(intake_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="journeys.look", queueing_lock="journeys.look", pass_context=False)
def look(timestamp: int) -> None:
    """Every five minutes: dates and schedules whose time has come, and intakes that a crash left undone."""
    intakes.look(time.now())


@app.periodic(cron="20 * * * *")
@app.task(name="journeys.look_at_dates", queueing_lock="journeys.look_at_dates", pass_context=False)
def look_at_dates(timestamp: int) -> None:
    """Every hour: waits for dates that moved; versions on which nobody walks any more are retired."""
    dating.look_again(time.now())
    publishing.retire_drained(time.now())


@app.task(name="journeys.send_calls", pass_context=False)
def send_calls() -> None:
    """Send the calls to other systems that are due."""
    calling.send_calls()


@app.periodic(cron="* * * * *")
@app.task(name="journeys.send_calls_due", queueing_lock="journeys.send_calls_due", pass_context=False)
def send_calls_due(timestamp: int) -> None:
    """Every minute: what failed before, or was left by a crash."""
    calling.send_calls()
