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
from homeground.events.catalog.people import ConsentWithdrawn, CustomersMerged
from homeground.events.catalog.service import MessageReceived
from homeground.events.facts import Event, on
from homeground.journeys.services import receipts, waking


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


# The next three in this order: who leaves and comes back in one batch is let in again, and what follows upon the event
# that let somebody in may reach the goal. Apart, because who lets in must not hold the rows of those who walk.
@on("*")
def end_walks_before_entries(events: Sequence[Event]) -> None:
    """Events let out whom a later event of the batch lets in."""
    waking.end_before_entries(events)


@on("*")
def let_in(events: Sequence[Event]) -> None:
    """Events let customers into journeys."""
    waking.let_in_by(events)


@on("*")
def end_waits_and_walks(events: Sequence[Event]) -> None:
    """Events end waits, reach goals and let customers out."""
    waking.note_events(events)


@on(CustomersMerged)
def join_walks(events: Sequence[Event]) -> None:
    """Who turned out to be one person walks once."""
    waking.join_walks(event.customer_id for event in events if event.customer_id)
