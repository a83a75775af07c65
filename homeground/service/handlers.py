"""What the room does when others tell facts."""

from collections.abc import Sequence

from homeground.events.catalog.wecom import FriendAdded, FriendRequested, MomentCommented, TransferRefused
from homeground.events.facts import Event, on
from homeground.service.services import handover, jobs, waits
from homeground.wecom.services.callbacks import Told, on_told


@on(FriendRequested, FriendAdded)
def take_requests(events: Sequence[Event]) -> None:
    """Start and end the clock of friend requests, where the platform tells of them."""
    waits.take_requests(
        [
            (event.properties["userid"], event.customer_id, event.happened_at, event.name == FriendRequested.name)
            for event in events
            if event.customer_id
        ]
    )


@on(MomentCommented)
def take_comments(events: Sequence[Event]) -> None:
    """A friend commented: the clock starts."""
    waits.take_comments()


@on_told("kf_msg_or_event")
def read_kf(told: Sequence[Told]) -> None:
    """Somebody wrote to accounts of 微信客服: read each once, with the newest token."""
    newest = {one.fields.get("OpenKfId", ""): one.fields.get("Token", "") for one in told}
    for open_kfid, token in newest.items():
        if open_kfid:
            jobs.queue_kf(open_kfid, token)


@on(TransferRefused)
def note_refusals(events: Sequence[Event]) -> None:
    """A customer refused, or the new member is full: their part of the handover is over."""
    handover.note_refusals(
        [
            (event.properties["userid"], event.customer_id, event.properties["reason"], event.happened_at)
            for event in events
            if event.customer_id
        ]
    )
