"""到达: who came, from the stream, once each; with what the door says about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import services as events
from homeground.events.catalog.growth import DoorEntered
from homeground.events.catalog.wecom import (
    FriendAdded,
    FriendRemovedByCustomer,
    FriendRequested,
    GroupJoined,
    GroupLeft,
)
from homeground.events.facts import Event
from homeground.growth.models import Arrival, Door
from homeground.growth.queries.duty import SQL
from homeground.growth.services.placing import queue_place
from homeground.people import services as people
from homeground.people.models import Consent, CustomerTag
from homeground.people.queries import brand

CHANNEL = "wecom"  # What a door's consent is good for.
Kind = Arrival.Kind
_KINDS = {FriendRequested.name: Kind.REQUESTED, FriendAdded.name: Kind.ADDED, GroupJoined.name: Kind.JOINED}
_BY_CUSTOMER = {FriendRemovedByCustomer.name, GroupLeft.name}


@dataclass(frozen=True)
class Arrived:
    """A new arrival, with what its door says."""

    event_id: int
    kind: str
    door_id: int
    door_name: str
    door_kind: str
    source_id: int | None
    source_name: str
    customer_id: int
    userid: str
    chat_id: str
    happened_at: datetime
    tags: Sequence[str]
    consent_notice: str
    is_at_limit: bool


@transaction.atomic
def note_arrivals(happened: Sequence[Event]) -> list[Arrived]:
    """Keep who came through our doors; put on the doors' tags, sources and consents; tell the stream.

    An event that was noted before adds nothing. A member who reached the daily limit, or a group that filled, has the
    door placed anew at once.
    """
    arrived = _keep([event for event in happened if event.customer_id and event.properties.get("state")])
    came = [one for one in arrived if one.kind != Kind.REQUESTED]
    _put_tags(came)
    _say_sources(came)
    _keep_consents([one for one in came if one.kind == Kind.ADDED and one.consent_notice])
    events.record(*map(_fact, came))
    queue_place({one.door_id for one in came if one.is_at_limit or one.door_kind == Door.Kind.GROUP_CODE})
    return arrived


@transaction.atomic
def note_departures(happened: Sequence[Event]) -> int:
    """Friends and group members who left again, on the arrivals that brought them. Returns how many ended."""
    gone = [event for event in happened if event.customer_id]
    chats = [str(event.properties.get("chat_id", "")) for event in gone]
    params: dict[str, Any] = {
        "customers": [event.customer_id for event in gone],
        "userids": [str(event.properties.get("userid", "")) for event in gone],
        "chats": chats,
        "moments": [event.happened_at for event in gone],
        "theirs": [_is_theirs(event) for event in gone],
    }
    with connection.cursor() as cursor:
        cursor.execute((SQL / "leave.sql").read_text(), params)
        ended = int(cursor.rowcount)
    queue_place(_doors_of(chats))
    return ended


def _is_theirs(event: Event) -> bool:
    return event.name in _BY_CUSTOMER and not event.properties.get("was_removed")


def _doors_of(chats: Iterable[str]) -> Collection[int]:
    """The group codes that lead to these groups: a place is free again."""
    wanted = {chat for chat in chats if chat}
    if not wanted:
        return set()
    return set(Door.objects.filter(groups__chat__chat_id__in=wanted, retired_at=None).values_list("pk", flat=True))


def _keep(happened: Sequence[Event]) -> list[Arrived]:
    zone = brand().time_zone
    params: dict[str, Any] = {
        "events": [event.id for event in happened],
        "kinds": [_KINDS[event.name] for event in happened],
        "tokens": [str(event.properties["state"]) for event in happened],
        "customers": [event.customer_id for event in happened],
        "userids": [str(event.properties.get("userid", "")) for event in happened],
        "chats": [str(event.properties.get("chat_id", "")) for event in happened],
        "moments": [event.happened_at for event in happened],
        "days": [time.day_of(event.happened_at, zone) for event in happened],
    }
    with connection.cursor() as cursor:
        cursor.execute((SQL / "arrive.sql").read_text(), params)
        return [Arrived(*row) for row in cursor.fetchall()]


def _put_tags(came: Iterable[Arrived]) -> None:
    wanted = defaultdict[tuple[str, str], set[int]](set)
    for one in came:
        for tag in one.tags:
            wanted[tag, one.door_name].add(one.customer_id)
    for (tag, door), customers in sorted(wanted.items()):
        people.tag(customers, tag, CustomerTag.Origin.RULE, _("入口：%s") % door)


def _say_sources(came: Iterable[Arrived]) -> None:
    first = {one.customer_id: one.source_name for one in reversed(list(came)) if one.source_name}
    people.say_sources(first)


def _keep_consents(added: Iterable[Arrived]) -> None:
    people.decide_consent(
        people.ConsentDecision(
            customer_id=one.customer_id,
            purpose=Consent.Purpose.PROMOTION,
            channel=CHANNEL,
            is_granted=True,
            proof={
                "notice": one.consent_notice,
                "door": one.door_name,
                "door_id": one.door_id,
                "event_id": one.event_id,
            },
            source=f"door:{one.door_name}",
            decided_at=one.happened_at,
        )
        for one in added
    )


def _fact(one: Arrived) -> DoorEntered:
    return DoorEntered(
        customer_id=one.customer_id,
        happened_at=one.happened_at,
        cause=f"arrival:{one.event_id}",
        door_id=one.door_id,
        source_id=one.source_id,
        userid=one.userid,
        chat_id=one.chat_id,
    )
