"""What happens to touches, from the stream."""

from collections.abc import Sequence

from homeground.events.catalog.channels import (
    MessageAnswered,
    MessageClicked,
    MessageDelivered,
    MessageFailed,
    MessageOpened,
    MessageRefused,
    MessageSent,
)
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.events.facts import Event, on
from homeground.journeys.services import receipts


@on(
    MessageSent,
    MessageDelivered,
    MessageOpened,
    MessageClicked,
    MessageAnswered,
    MessageRefused,
    MessageFailed,
)
def keep_touches_in_step(events: Sequence[Event]) -> None:
    """Touches move on by receipts."""
    receipts.note_receipts(events)


@on(ConsentWithdrawn)
def count_harm(events: Sequence[Event]) -> None:
    """An opt-out through a message is that touch's harm."""
    receipts.note_opt_outs(events)
