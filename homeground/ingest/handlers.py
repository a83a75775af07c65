"""What senders say of people."""

from collections.abc import Iterator, Sequence

from homeground.events.facts import Event, on
from homeground.people.services import AttributeGiven, set_attributes


@on("identified")
def keep_traits(events: Sequence[Event]) -> None:
    """Traits become attributes of the customer. A repeat is harmless: the same word changes nothing."""
    set_attributes(given for event in events if event.customer_id for given in _traits(event, event.customer_id))


def _traits(event: Event, customer_id: int) -> Iterator[AttributeGiven]:
    for key, value in event.properties.items():
        if not key.startswith("$"):  # Those are of the message, not of the person.
            yield AttributeGiven(customer_id, key, value, event.source, event.happened_at)
