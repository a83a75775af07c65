"""The clock of the stream."""

from procrastinate.contrib.django import app

from homeground.events import partitions


@app.periodic(cron="17 * * * *")
@app.task(name="events.keep_house", queueing_lock="events.keep_house", pass_context=False)
def keep_house(timestamp: int) -> None:
    """Every hour: partitions ahead, retention."""
    partitions.keep_house()
