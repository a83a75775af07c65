"""Tags and attributes."""

from collections.abc import Sequence

from homeground.journeys.services.walking.walkers import Place, Said, Walker, onwards
from homeground.people import services as people
from homeground.people.models import CustomerTag


def change_tags(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Put tags on and take tags off."""
    customers = [one.customer_id for one in walkers]
    for name in place.step.add:
        people.tag(customers, name, CustomerTag.Origin.RULE, source_of(place), at=place.at)
    for name in place.step.remove:
        people.untag(customers, name)
    return onwards(place, walkers)


def set_attribute(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Set one attribute of each."""
    key, value, source = place.step.attribute, place.step.value, source_of(place)[:60]
    people.set_attributes(
        people.AttributeGiven(customer, key, value, source, place.at)
        for customer in {one.customer_id for one in walkers}
    )
    return onwards(place, walkers)


def source_of(place: Place) -> str:
    """Who did it, as other rooms keep it."""
    return f"journey:{place.journey.slug}"
