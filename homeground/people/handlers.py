"""What people learn from the stream."""

from collections.abc import Sequence

from homeground.events.facts import Event, on
from homeground.people import services


@on("*")
def weigh_evidence(events: Sequence[Event]) -> None:
    """Move customers between relation stages by what they did. A repeat is harmless: a kind of evidence counts once."""
    services.record_evidence(
        (event.customer_id, event.name, event.happened_at) for event in events if event.customer_id
    )
