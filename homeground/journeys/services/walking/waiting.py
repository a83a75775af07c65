"""Leaving a wait: its time is over, or what it was for has happened."""

from collections.abc import Sequence

from homeground.journeys.models import Enrolment
from homeground.journeys.services.walking import clocks
from homeground.journeys.services.walking.dates import days_of
from homeground.journeys.services.walking.walkers import Move, Place, Said, Stay, Walker


def for_event(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """On by "next" when it happened, else by "otherwise"."""
    happened, not_so = Move("next", place.step.next), Move("otherwise", place.step.otherwise)
    return [happened if one.is_woken else not_so for one in walkers]


def for_date(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """On when the date has come since the wait began; a date that moved is waited for anew."""
    days = days_of(place.step.attribute, [one.customer_id for one in walkers])
    # Who came in this very batch came now, whatever the table still says.
    came = dict(Enrolment.objects.filter(pk__in=[w.id for w in walkers if not w.trail]).values_list("pk", "arrived_at"))
    found: list[Said] = []
    for one in walkers:
        day = days.get(one.customer_id)
        moment = clocks.due(place.step, arrived_at=came.get(one.id, place.at), zone=one.zone, day=day)
        if moment is None:
            found.append(Move("otherwise", place.step.otherwise, {"why": "past" if day else "no_date"}))
        else:
            found.append(Move("next", place.step.next) if moment <= place.at else Stay(moment))
    return found
