"""What the stream means to journeys: who enters, whose wait is over, who has reached the goal or must leave, and who
turned out to be one person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.events.facts import Event
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services import leaving
from homeground.journeys.services.entering import WAKE, Entrant, enter
from homeground.journeys.services.listening import Heard, Listeners, Purpose, listeners
from homeground.journeys.services.locking import share_journeys
from homeground.people import queries as people

SQL = Path(__file__).parent.parent / "sql" / "walking"
_LOCK, _ENDS, _WAKES, _TWICE = ((SQL / name).read_text() for name in ("lock.sql", "ends.sql", "wakes.sql", "twice.sql"))
FRESH = timedelta(
    days=1
)  # Older news lets nobody in: an import of last year's orders is no reason to write to anybody.


@dataclass(frozen=True)
class _Sign:
    """An event that means something to a version, about one id of a person."""

    heard: Heard
    customer_id: int
    at: datetime


def let_in_by(events: Sequence[Event], at: datetime | None = None) -> int:
    """Whom these events are about enters the journeys that listen for them. Returns how many entered.

    A repeat lets nobody in again: the event is the cause.
    """
    at = at or time.now()
    by_journey: defaultdict[int, list[Entrant]] = defaultdict(list)
    for event, heard in _heard(listeners(), events, {Purpose.ENTER}):
        if event.customer_id and event.happened_at > at - FRESH:
            key = str(event.properties.get(heard.key, ""))[:100] if heard.key else ""
            entrant = Entrant(event.customer_id, f"event:{event.id}", key, min(event.happened_at, at))
            by_journey[heard.journey_id].append(entrant)
    journeys = Journey.objects.in_bulk(by_journey)
    entered = [enter(journeys[pk], entrants, at) for pk, entrants in sorted(by_journey.items())]
    return sum(one.entered + one.held_out for one in entered)


def end_before_entries(events: Sequence[Event], at: datetime | None = None) -> int:
    """Goals and exits of persons who come back later in the same batch: they are out when they enter again."""
    entries: dict[int, datetime] = {}
    for event, _heard_as in _heard(listeners(), events, {Purpose.ENTER}):
        if event.customer_id:
            entries[event.customer_id] = max(event.happened_at, entries.get(event.customer_id, event.happened_at))
    before = [one for one in events if one.customer_id in entries and one.happened_at < entries[one.customer_id]]
    return note_events(before, at) if before else 0


@transaction.atomic
def note_events(events: Sequence[Event], at: datetime | None = None) -> int:
    """End waits, and walks that reached the goal or must leave, at once. Returns how many walks it changed.

    A repeat changes nothing: what is over is over. All walks of these people are locked first, so that one that is
    just coming to its wait is looked at when it has come.
    """
    signs = _shared_signs(events)
    if not signs:
        return 0
    journeys = {one.heard.journey_id for one in signs}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"journeys": sorted(journeys), "customers": sorted({one.customer_id for one in signs})})
        if not cursor.fetchone()[0]:
            return 0
    at = at or time.now()
    return _end(signs, at) + _wake(signs, at)


@transaction.atomic
def join_walks(customer_ids: Iterable[int], at: datetime | None = None) -> int:
    """Of several walks of one person in a journey with one key, the oldest goes on. Returns how many ended."""
    ids = list(people.all_ids_of(list(customer_ids)))
    inside = Enrolment.objects.filter(customer__in=ids, state=Enrolment.State.WALKING)
    journeys = sorted(set(inside.values_list("journey_id", flat=True)))
    if not journeys:
        return 0
    share_journeys(journeys)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"journeys": journeys, "customers": ids})
        cursor.execute(_TWICE, {"journeys": journeys, "customers": ids})
        younger = [row[0] for row in cursor.fetchall()]
    return leaving.end(dict.fromkeys(younger, Enrolment.Ending.SAME_PERSON), at or time.now())


def _shared_signs(events: Sequence[Event]) -> list[_Sign]:
    """What the events mean, with their journeys shared. Who published while we waited has moved people to listeners of
    a new version: then it is read again.
    """
    while True:
        known = listeners()
        signs = _signs(_heard(known, events, {Purpose.WAKE, Purpose.GOAL, Purpose.EXIT}))
        share_journeys({one.heard.journey_id for one in signs})
        if listeners() is known:
            return signs


def _heard(known: Listeners, events: Iterable[Event], purposes: set[Purpose]) -> list[tuple[Event, Heard]]:
    if not known:
        return []
    return [
        (event, heard)
        for event in events
        for heard in known.get(event.name, ())
        if heard.purpose in purposes and event.customer_id and heard.means(event.properties)
    ]


def _signs(heard: Sequence[tuple[Event, Heard]]) -> list[_Sign]:
    """A walk may stand under any id of the person: each counts."""
    roots = people.all_ids_of(sorted({event.customer_id for event, _heard in heard if event.customer_id}))
    ids: defaultdict[int, list[int]] = defaultdict(list)
    for one, root in roots.items():
        ids[root].append(one)
    return [
        _Sign(means, one, event.happened_at)
        for event, means in heard
        for one in ids[roots.get(event.customer_id or 0, 0)]
    ]


def _end(signs: Sequence[_Sign], at: datetime) -> int:
    ends = [one for one in signs if one.heard.purpose != Purpose.WAKE]
    if not ends:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, _columns(ends) | {"endings": [str(one.heard.purpose) for one in ends]})
        endings = dict(cursor.fetchall())
    return leaving.end(endings, at)


def _wake(signs: Sequence[_Sign], at: datetime) -> int:
    wakes = [one for one in signs if one.heard.purpose == Purpose.WAKE]
    if not wakes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WAKES, _columns(wakes) | {"nodes": [one.heard.node for one in wakes], "at": at})
        woken = int(cursor.rowcount)
        if woken:
            cursor.execute(WAKE)
    return woken


def _columns(signs: Sequence[_Sign]) -> dict[str, Any]:
    return {
        "versions": [one.heard.version_id for one in signs],
        "customers": [one.customer_id for one in signs],
        "moments": [one.at for one in signs],
    }
