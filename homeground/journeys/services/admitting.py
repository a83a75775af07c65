"""Letting people in by hand or for a program: by our id or by an identity, each once per cause."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.journeys.errors import JourneyInWrongState
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.ways_in import ByHand
from homeground.journeys.models import Journey
from homeground.journeys.services.entering import UNKNOWN, Entered, Entrant, enter
from homeground.people import queries as people
from homeground.people.identities import normalise
from homeground.people.models import Identity

MOST = 1000  # People of one call.


@dataclass(frozen=True)
class Guest:
    """Somebody to let in: by customer_id, or else by an identity. key: tells walks of one customer apart."""

    customer_id: int | None = None
    kind: str = ""
    value: str = ""
    key: str = ""


def admit(journey: Journey, guests: Sequence[Guest], *, cause: str, at: datetime | None = None) -> Entered:
    """Let people in who are named; nobody is made a customer by it.

    cause: what this is done for, like "crm:42"; the same person and key enters by it once, so a repeat does no harm.
    Of those whom nobody knows, the answer says how many. Raises JourneyInWrongState for a journey that is not open
    to it, or has never been published or is over.
    """
    _refuse_closed(journey)
    customers = _customers(guests)
    known = [(guest, customer) for guest, customer in zip(guests, customers, strict=True) if customer]
    entrants = [
        Entrant(customer_id=customer, cause=f"hand:{cause}:{customer}:{guest.key}", key=guest.key)
        for guest, customer in known
    ]
    found = enter(journey, entrants, at or time.now())
    refused = Counter(found.refused) + Counter({UNKNOWN: len(guests) - len(known)})
    return Entered(found.entered, found.held_out, dict(refused))


def _refuse_closed(journey: Journey) -> None:
    if journey.state not in (Journey.State.LIVE, Journey.State.PAUSED) or journey.live is None:
        label = Journey.State(journey.state).label
        raise JourneyInWrongState(_("旅程现在是“%(now)s”，不能加入客户。") % {"now": label})
    if not any(isinstance(entry, ByHand) for entry in parse(journey.live.graph).entries):
        raise JourneyInWrongState(_("这条旅程没有开放手动加入：请在入口里加上“手动加入”，再发布。"))


def _customers(guests: Sequence[Guest]) -> list[int | None]:
    """Who each guest is now, after merges; None: nobody we know."""
    by_identity = _by_identity([(guest.kind, guest.value) for guest in guests if guest.customer_id is None])
    named = [
        by_identity.get((guest.kind, guest.value)) if guest.customer_id is None else guest.customer_id
        for guest in guests
    ]
    roots = people.survivors(customer for customer in named if customer is not None)
    return [roots.get(customer) if customer is not None else None for customer in named]


def _by_identity(given: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    normal = {pair: value for pair in given if (value := normalise(*pair))}
    rows = Identity.objects.filter(value__in=set(normal.values()), kind__in={kind for kind, _value in normal})
    found = {(kind, value): customer for kind, value, customer in rows.values_list("kind", "value", "customer")}
    return {pair: found[pair[0], value] for pair, value in normal.items() if (pair[0], value) in found}
