"""Points and coupons: in sets, each once for a walk and its step."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from homeground.core import time
from homeground.journeys.services.walking.marks import source_of
from homeground.journeys.services.walking.walkers import Move, Place, Said, Walker, onwards
from homeground.loyalty.services.coupons import Granting, grant_coupons
from homeground.loyalty.services.points import Earning, earn_points
from homeground.people.queries import brand

_GIVEN = ("granted", "known")


def give_points(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Points for each."""
    step, expires_at = place.step, end_of(place.at, place.step.expires_days)
    earnings = [Earning(one.customer_id, step.points, _cause(one), step.reason, expires_at) for one in walkers]
    earn_points(earnings, by=source_of(place), at=place.at)
    return onwards(place, walkers)


def give_coupon(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """A coupon for each. Who gets none goes on, with the reason."""
    said = grant_coupons(place.step.coupon, [Granting(one.customer_id, _cause(one)) for one in walkers], place.at)
    skipped = {why: {"skipped": why} for why in {*said.values()}.difference(_GIVEN)}
    return [Move("next", place.step.next, skipped.get(said[_cause(one)])) for one in walkers]


def end_of(at: datetime, days: int | None) -> datetime | None:
    """The end of the day that many days later, in the brand's zone; None: never."""
    if days is None:
        return None
    zone = brand().time_zone
    return time.start_of(time.day_of(at, zone) + timedelta(days=days + 1), zone)


def _cause(walker: Walker) -> str:
    return f"walk:{walker.id}:{walker.steps + 1}"
