"""What becomes of touches when the walk that they belong to is over."""

from collections.abc import Sequence

from homeground.journeys.models import Suppression, Touch, TouchState


def drop_for_ended(enrolment_ids: Sequence[int]) -> int:
    """Leave out what still waits for walks that ended. Returns how many. What is under way or with staff goes on."""
    waiting = Touch.objects.filter(
        enrolment__in=list(enrolment_ids), state__in=(TouchState.QUEUED, TouchState.DEFERRED)
    )
    return waiting.update(state=TouchState.SUPPRESSED, reason=Suppression.LEFT_JOURNEY, detail=None)
