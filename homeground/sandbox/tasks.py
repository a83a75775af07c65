"""What the clock and the queue set off here."""

from procrastinate.contrib.django import app

from homeground.sandbox.services import callbacks
from homeground.sandbox.services.receipts import JOB, call_back


@app.periodic(cron="* * * * *", periodic_id="retries")
@app.task(name=JOB)
def call_back_receipts(timestamp: int | None = None) -> None:
    """Call out the receipts that are due; every minute, those whose first try failed."""
    call_back()


@app.periodic(cron="* * * * *", periodic_id="retries")
@app.task(name=callbacks.JOB)
def tell_callbacks(timestamp: int | None = None) -> None:
    """Send the sandbox corp's callbacks that are due; every minute, whatever a crash left behind."""
    callbacks.send_due()


@app.periodic(cron="20 3 * * *")
@app.task(name="sandbox.forget_callbacks")
def forget_callbacks(timestamp: int) -> None:
    """Every night: drop the record of old callbacks."""
    callbacks.forget_old()
