"""Refusals that the platform told by itself."""

from collections.abc import Sequence
from datetime import datetime

from homeground.people.queries import ids_of
from homeground.service.models import HandoverItem
from homeground.service.services.handover.settling import Settled, settle

State = HandoverItem.State
Refusal = tuple[str, int, str, datetime]  # The taker's userid, customer, reason, when.


def note_refusals(refusals: Sequence[Refusal]) -> int:
    """End what waits for these customers and takers; the fact is theirs who told. Returns how many ended."""
    return settle([found for refusal in refusals for found in _items(refusal)], tells=False)


def _items(refusal: Refusal) -> list[Settled]:
    taker, customer, reason, at = refusal
    waiting = HandoverItem.objects.filter(
        state__in=HandoverItem.UNSETTLED, taker__userid=taker, contact__customer__in=ids_of(customer), asked_at__lte=at
    )
    state = State.FULL if reason == "customer_limit_exceed" else State.REFUSED
    return [(pk, state, 0, at) for pk in waiting.values_list("pk", flat=True)]
