"""The clock of the room."""

from contextlib import suppress

from procrastinate.contrib.django import app

from homeground.content import services
from homeground.core.errors import BusinessError


@app.periodic(cron="* * * * *")
@app.task(name="content.hand_over_due", queueing_lock="content.hand_over_due", pass_context=False)
def hand_over_due(timestamp: int) -> None:
    """Every minute: posts whose time has come go to the platform, posts that ended are closed."""
    services.hand_over_due()
    services.close_ended()


@app.periodic(cron="*/10 * * * *")
@app.task(name="content.ready_tags", queueing_lock="content.ready_tags", pass_context=False)
def ready_tags(timestamp: int) -> None:
    """Every ten minutes: tags of posts that come soon are there in time. Without a corp, or a platform: later."""
    with suppress(BusinessError):
        services.ready_tags()


@app.periodic(cron="17 * * * *")
@app.task(name="content.keep_bought_tags", queueing_lock="content.keep_bought_tags", pass_context=False)
def keep_bought_tags(timestamp: int) -> None:
    """Every hour: who bought since is told by a tag."""
    services.keep_bought_tags()
