"""The clock and the jobs of the room."""

from procrastinate.contrib.django import app

from homeground.service.services import sorting


@app.periodic(cron="* * * * *")
@app.task(name=sorting.JOB, queueing_lock=sorting.JOB, pass_context=False)
def sort_messages(timestamp: int | None = None) -> None:
    """Each minute, and when messages came: label them, and open the tickets that follow."""
    sorting.sort_messages()
