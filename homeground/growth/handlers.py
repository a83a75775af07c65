"""Who came and who left, from the stream."""

from collections.abc import Sequence

from homeground.events.catalog.wecom import (
    FriendAdded,
    FriendRemovedByCustomer,
    FriendRemovedByStaff,
    FriendRequested,
    GroupJoined,
    GroupLeft,
)
from homeground.events.facts import Event, on
from homeground.growth.services import acquisition, arrivals
from homeground.wecom.services.callbacks import Told, on_told

_COMING = {FriendRequested.name, FriendAdded.name, GroupJoined.name}


@on(FriendRequested, FriendAdded, GroupJoined, FriendRemovedByCustomer, FriendRemovedByStaff, GroupLeft)
def keep_arrivals(events: Sequence[Event]) -> None:
    """Arrivals at our doors, and those that ended. An end counts for what began before it, in whatever order told."""
    arrivals.note_arrivals([event for event in events if event.name in _COMING])
    arrivals.note_departures([event for event in events if event.name not in _COMING])


@on_told("customer_acquisition")
def follow_links(told: Sequence[Told]) -> None:
    """Acquisition links that were deleted or stopped on the platform."""
    acquisition.note_links(told)
