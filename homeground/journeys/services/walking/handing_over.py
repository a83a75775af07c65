"""Going on in another journey."""

from collections.abc import Sequence

from homeground.journeys.models import Journey
from homeground.journeys.services.entering import Entrant, let_in
from homeground.journeys.services.walking.walkers import Ending, Move, Place, Said, Walker


def hand_over(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Each enters the other journey by its own rules, and this walk ends, whether they let it in or not."""
    other = Journey.objects.get(slug=place.step.journey)
    entrants = [Entrant(one.customer_id, cause=f"walk:{one.id}:{one.steps + 1}") for one in walkers]
    said = let_in(other, entrants, place.at)
    return [
        Move(
            "next", None, None if verdict == "entered" else {"journey": other.slug, "said": verdict}, Ending.HANDED_OVER
        )
        for verdict in said
    ]
