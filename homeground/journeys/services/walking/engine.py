"""Batch after batch, until nothing is due."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected, SerializationFailure

from homeground.journeys.services.walking.batches import SIZE, Done, walk_batch

_TRIES = 5
_GIVES_WAY = (DeadlockDetected, SerializationFailure)
_log = logging.getLogger(__name__)


def walk(journey_id: int, at: datetime | None = None, most: int | None = None, size: int = SIZE) -> int:
    """Move on everybody who is due. Returns how many steps were taken.

    at: the business moment; None: now, anew for each batch. most: stop after about so many steps.
    Call it with no transaction open; any number of callers at once, each takes other walks.
    """
    taken = 0
    while most is None or taken < most:
        done = _batch(journey_id, at, size)
        taken += done.steps
        if not done.claimed:
            break
    return taken


def journeys_due(at: datetime) -> list[int]:
    """Live journeys in which somebody is due, the longest due first."""
    return [journey for journey, due in _first_due() if due <= at]


def next_due_at(besides: Collection[int] = ()) -> datetime | None:
    """When the next walk of a live journey besides these is due; None: nobody waits for a moment."""
    return min((due for journey, due in _first_due() if journey not in besides), default=None)


def _batch(journey_id: int, at: datetime | None, size: int) -> Done:
    """One batch; again when PostgreSQL gave it up for another transaction's sake."""
    for tries_left in reversed(range(_TRIES)):
        try:
            return walk_batch(journey_id, at, size)
        except OperationalError as error:
            if not (tries_left and isinstance(error.__cause__, _GIVES_WAY)):
                raise
            _log.info("a batch of journey %d gave way: %s", journey_id, type(error.__cause__).__name__)
    raise AssertionError


def _first_due() -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_DUE)
        return list(cursor.fetchall())


# The first entry of each journey's part of an index: a million people waiting cost nothing.
_FIRST_DUE = """
SELECT j.id, first.due_at
FROM journeys_journey j
CROSS JOIN LATERAL (
    SELECT e.due_at FROM journeys_enrolment e
    WHERE e.journey_id = j.id AND e.state = 'walking' AND e.due_at IS NOT NULL
    ORDER BY e.due_at LIMIT 1
) AS first
WHERE j.state = 'live'
ORDER BY first.due_at
"""
