"""What happens to touches, from the stream."""

from collections.abc import Sequence

from homeground.events.catalog.channels import (
    MessageAnswered,
    MessageAssigned,
    MessageClicked,
    MessageDelivered,
    MessageFailed,
    MessageOpened,
    MessageRefused,
    MessageSent,
    MessageWithdrawn,
)
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.events.catalog.service import MessageReceived
from homeground.events.facts import Event, on
from homeground.journeys.services import receipts


@on(
    MessageAssigned,
    MessageSent,
    MessageDelivered,
    MessageOpened,
    MessageClicked,
    MessageAnswered,
    MessageRefused,
    MessageFailed,
    MessageWithdrawn,
)
def keep_touches_in_step(events: Sequence[Event]) -> None:
    """Touches move on by receipts."""
    receipts.note_receipts(events)


@on(MessageReceived)
def count_answers(events: Sequence[Event]) -> None:
    """Who writes to us soon after a mass message has answered it."""
    receipts.note_answers(events)


@on(MessageAssigned)
def keep_cancelled_campaigns_cancelled(events: Sequence[Event]) -> None:
    """What reached staff after all is taken back."""
    receipts.withdraw_late(events)


@on(ConsentWithdrawn)
def count_harm(events: Sequence[Event]) -> None:
    """An opt-out through a message is that touch's harm."""
    receipts.note_opt_outs(events)
