"""What insights learns from the stream."""

from collections.abc import Sequence

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.facts import Event, on
from homeground.insights import services


@on(OrderPaid)
def withdraw_predictions(orders: Sequence[Event]) -> None:
    """Who bought is no longer due. A repeat is harmless: an order that a prediction knows of withdraws nothing."""
    services.withdraw_predictions((order.customer_id, order.happened_at) for order in orders if order.customer_id)
