"""The clock of the room."""

from procrastinate.contrib.django import app

from homeground.loyalty.services import expiring


@app.periodic(cron="*/10 * * * *")
@app.task(name="loyalty.expire", queueing_lock="loyalty.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """Every ten minutes: points and coupons whose time is over."""
    expiring.expire_points()
    expiring.expire_coupons()
