"""The job of a handover, deferred by name."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

JOB = "service.run_handover"


def queue_handover(handover_id: int) -> None:
    """Have a worker go on with a handover. One such job in the queue is enough."""
    with suppress(AlreadyEnqueued):
        app.configure_task(JOB, queueing_lock=f"{JOB}.{handover_id}").defer(handover_id=handover_id)
