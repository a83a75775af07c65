"""What loyalty learns from the stream."""

from collections.abc import Sequence

from homeground.events.catalog.people import CustomersMerged
from homeground.events.facts import Event, on
from homeground.loyalty.services.merging import settle_persons


@on(CustomersMerged)
def settle_merged(events: Sequence[Event]) -> None:
    """Of persons who are one now, what one id has pays for what the other owes."""
    settle_persons([event.customer_id for event in events if event.customer_id])
