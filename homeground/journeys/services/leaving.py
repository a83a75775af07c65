"""Ending walks before they end by themselves, and setting failed ones going again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from homeground.core import time
from homeground.events.catalog.journeys import JourneyLeft
from homeground.events.services import record
from homeground.journeys.models import Enrolment
from homeground.journeys.services.entering import WAKE
from homeground.journeys.services.locking import hold_entry, share_journey
from homeground.journeys.services.touches import drop_for_ended
from homeground.people import queries as people

State, Ending = Enrolment.State, Enrolment.Ending


@transaction.atomic
def take_out(
    journey_id: int, customer_ids: Sequence[int], at: datetime | None = None, ending: str = Ending.TAKEN_OUT
) -> int:
    """Take persons out of a journey, whichever of their ids is given. Who is held out stays so.

    What waits to be sent to them is dropped. A repeat changes nothing. Returns how many walks ended.
    """
    share_journey(journey_id)
    ids = list(people.all_ids_of(customer_ids))
    walks = Enrolment.objects.filter(journey=journey_id, customer__in=ids)
    return end_walks(walks, ending=ending, at=at or time.now())


@transaction.atomic
def end_walks(walks: QuerySet[Enrolment], *, ending: str, at: datetime) -> int:
    """End those of these that walk. Their touches that wait are dropped. Returns how many ended."""
    locked = walks.filter(state=State.WALKING).select_for_update(of=("self",)).order_by("pk")
    return end(dict.fromkeys(locked.values_list("pk", flat=True), ending), at)


def end(endings: dict[int, str], at: datetime) -> int:
    """End walks that the caller's transaction has locked, each for its reason. Returns how many."""
    if not endings:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_END, {"ids": list(endings), "endings": list(endings.values()), "at": at})
        rows = cursor.fetchall()
    drop_for_ended([row[0] for row in rows])
    record(
        *(
            JourneyLeft(customer_id=customer, happened_at=at, journey=slug, enrolment_id=pk, ending=endings[pk])
            for pk, customer, slug in rows
        )
    )
    return len(rows)


@transaction.atomic
def try_again(journey_id: int, enrolment_ids: Sequence[int], at: datetime | None = None) -> int:
    """Set failed walks going again at the node that failed. Returns how many.

    One stays failed when its customer has entered again meanwhile with the same key, or when its version is retired:
    neither live nor walked by anybody. A repeat changes nothing.
    """
    share_journey(journey_id)
    hold_entry(journey_id)
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"journey_id": journey_id, "ids": list(enrolment_ids), "at": at or time.now()})
        again = int(cursor.rowcount)
        cursor.execute(WAKE)
    return again


_END = """
UPDATE journeys_enrolment AS e
SET state = 'ended', ending = m.ending, ended_at = %(at)s, due_at = NULL, woken_at = NULL
FROM unnest(%(ids)s::bigint[], %(endings)s::text[]) AS m (id, ending), journeys_journey AS j
WHERE e.id = m.id AND j.id = e.journey_id AND e.state = 'walking'
RETURNING e.id, e.customer_id, j.slug
"""
_AGAIN = """
UPDATE journeys_enrolment AS e
SET state = 'walking', ending = '', error = '', ended_at = NULL, due_at = %(at)s
WHERE e.id IN (
    SELECT DISTINCT ON (customer_id, key) id FROM journeys_enrolment
    WHERE journey_id = %(journey_id)s AND id = ANY(%(ids)s::bigint[]) AND ending = 'failed'
    ORDER BY customer_id, key, id DESC
) AND EXISTS (
    SELECT FROM journeys_journey AS j
    WHERE j.id = e.journey_id AND j.state IN ('live', 'paused') AND (j.live_id = e.version_id OR EXISTS (
        SELECT FROM journeys_enrolment AS mate WHERE mate.version_id = e.version_id AND mate.state = 'walking'
    ))
) AND NOT EXISTS (
    SELECT FROM journeys_enrolment AS other
    WHERE other.journey_id = e.journey_id AND other.customer_id = e.customer_id AND other.key = e.key
      AND other.state <> 'ended'
)
"""
