"""What people do by the clock."""

from procrastinate.contrib.django import app

from homeground.people import services


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="people.sweep_tags", pass_context=False)
def sweep_tags(timestamp: int) -> None:
    """Take off the tags whose time is over; a repeat finds none."""
    services.sweep_tags()
