"""What the clock and the queue set off here."""

import logging
import secrets

from procrastinate.contrib.django import app

from homeground.core.errors import BusinessError
from homeground.sandbox.services import callbacks, simulating
from homeground.sandbox.services.playing_corp import archive
from homeground.sandbox.services.receipts import JOB, call_back
from homeground.sandbox.services.wecom import transfers

_log = logging.getLogger(__name__)


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


@app.periodic(cron="* * * * *")
@app.task(name="sandbox.settle_transfers")
def settle_transfers(timestamp: int) -> None:
    """Every minute: complete the transfers that have waited 24 hours by the corp's clock."""
    transfers.settle()


@app.periodic(cron="20 3 * * *")
@app.task(name="sandbox.forget_callbacks")
def forget_callbacks(timestamp: int) -> None:
    """Every night: drop the record of old callbacks."""
    callbacks.forget_old()


@app.periodic(cron="* * * * *", periodic_id="retries")
@app.task(name=archive.JOB)
def push_archive(timestamp: int | None = None) -> None:
    """Push what was said to the product; every minute, what it did not take."""
    archive.push_due()


@app.task(name="sandbox.simulate", lock="sandbox.simulate")
def simulate(staff: int, customers: int, seed: int) -> None:
    """Add a whole corp to the sandbox."""
    try:
        simulating.build(staff, customers, seed)
    except BusinessError as refusal:
        _log.warning("not simulated: %s", refusal)


@app.task(name="sandbox.live", lock="sandbox.simulate")
def live(days: int, most: int) -> None:
    """Live some days of the corp; each time other ones."""
    simulating.live(days, secrets.randbelow(2**31), most=most)
