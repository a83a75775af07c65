"""What the clock and the queue set off here."""

from procrastinate.contrib.django import app

from homeground.sandbox.services.receipts import JOB, call_back


@app.periodic(cron="* * * * *", periodic_id="retries")
@app.task(name=JOB)
def call_back_receipts(timestamp: int | None = None) -> None:
    """Call out the receipts that are due; every minute, those whose first try failed."""
    call_back()
