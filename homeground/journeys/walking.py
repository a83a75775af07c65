"""The worker that moves people on: woken when somebody enters or an event ends a wait, else asleep until the next is
due. Any number of them, in any number of processes."""

import logging
import threading
from contextlib import closing

from django.db import connection

from homeground.core import time
from homeground.core.listening import Ear
from homeground.events.bearing import reason_of, trace_of
from homeground.journeys.services.walking.engine import journeys_due, next_due_at, walk

_LONGEST_SLEEP_SECONDS = 60.0  # Also looks by itself: a notification may be lost with its connection.
_BREATH_SECONDS = 0.05  # What comes within it is moved together.
_TURN = 20_000  # Steps, before another journey has its turn.
_PENALTY_SECONDS = 30.0  # How long a journey that failed as a whole is left alone.
log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Walk until stop is set."""
    resting: dict[int, float] = {}
    try:
        with closing(Ear("journeys_walk")) as ear:
            while not stop.is_set():
                _walk(stop, resting)
                if ear.wait(_seconds(resting), stop):
                    stop.wait(_BREATH_SECONDS)
    finally:
        connection.close()


def _walk(stop: threading.Event, resting: dict[int, float]) -> None:
    """Everybody who is due, journey by journey in turns."""
    while not stop.is_set():
        now = time.now()
        _end_rests(resting, now.timestamp())
        due = [pk for pk in journeys_due(now) if pk not in resting]
        if not sum(_turn(pk, resting) for pk in due):
            return


def _turn(journey_id: int, resting: dict[int, float]) -> int:
    """One journey that cannot be walked (its version cannot be read, the warehouse that its rules ask is down) does not
    keep the others from it. Without PostgreSQL nobody walks.
    """
    try:
        return walk(journey_id, most=_TURN)
    except Exception as error:
        if not connection.is_usable():
            raise
        log.error("journey %d cannot be walked: %s\n%s", journey_id, reason_of(error), trace_of(error))
        resting[journey_id] = time.now().timestamp() + _PENALTY_SECONDS
        return 0


def _end_rests(resting: dict[int, float], now: float) -> None:
    for journey_id in [pk for pk, until in resting.items() if until <= now]:
        del resting[journey_id]


def _seconds(resting: dict[int, float]) -> float:
    """Until the next is due of a journey that does not rest, or a rest is over."""
    due = next_due_at(besides=resting)
    moments = [*resting.values(), *([due.timestamp()] if due else [])]
    left = min(moments, default=float("inf")) - time.now().timestamp()
    return min(max(left, _BREATH_SECONDS), _LONGEST_SLEEP_SECONDS)
