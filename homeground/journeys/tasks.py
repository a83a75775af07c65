"""The clock and the jobs of the room."""

from procrastinate.contrib.django import app

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.errors import BeingSent


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
