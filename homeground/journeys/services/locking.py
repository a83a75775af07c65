"""Who moves people through a journey shares it; who changes the journey itself holds it alone.

Locks of the transaction, and fair: whoever waits to hold is let in before those who come to share later, so that a
pause takes effect after the batches under way.
"""

from collections.abc import Iterable

from django.db import connection

_JOURNEY = 0x6A6F7572  # "jour": with the journey's id.
_ENTRY = 0x656E7472  # "entr": with the journey's id; rules of re-entry are looked at by one at a time.


def share_journey(journey_id: int) -> None:
    """Be one of those who move people through it, until this transaction ends."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s, %s)", _JOURNEY, journey_id)


def share_journeys(journey_ids: Iterable[int]) -> None:
    """The same for several, always in the same order."""
    for journey_id in sorted(set(journey_ids)):
        share_journey(journey_id)


def hold_journey(journey_id: int) -> None:
    """Be the only one at it, until this transaction ends."""
    _lock("SELECT pg_advisory_xact_lock(%s, %s)", _JOURNEY, journey_id)


def hold_entry(journey_id: int) -> None:
    """Be the only one who lets people in, until this transaction ends."""
    _lock("SELECT pg_advisory_xact_lock(%s, %s)", _ENTRY, journey_id)


def _lock(statement: str, space: int, journey_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [space, journey_id])
