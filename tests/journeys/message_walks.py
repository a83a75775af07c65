"""Walks that have come to a message step, without the engine: rows as it leaves them."""

from datetime import datetime, timedelta
from typing import Any

from homeground.journeys.models import Campaign, Enrolment, Journey, Touch, Version
from homeground.journeys.services.guard import Walker, queue_walkers
from homeground.people.models import Customer
from tests.journeys import world
from tests.journeys.world import NOON


def make_journey_message(**fields: Any) -> Campaign:
    """The message step of a journey that is live."""
    count = Journey.objects.count()
    journey = Journey.objects.create(slug=f"j{count}", name=f"旅程 {count}", link="activate", draft={})
    version = Version.objects.create(journey=journey, number=1, graph={}, is_promotion=True, published_at=NOON)
    Journey.objects.filter(pk=journey.pk).update(state="live", live=version)
    defaults = {"name": f"{journey.name} · 问候", "link": "activate", "place": "trade", "channel": "phone"}
    defaults |= {"body": "你好", "is_promotion": True, "state": "sending", "audience_size": 0, "expected_lift_bp": 0}
    fields = {"message": fields.pop("message", None) or world.make_message()} | fields
    return Campaign.objects.create(**defaults | {"version": version, "node": "hi", "frozen_at": NOON} | fields)


def enrol(campaign: Campaign, customer: Customer, entered_at: datetime = NOON, **fields: Any) -> Enrolment:
    assert campaign.version
    defaults = {"arm": "treated", "variant": "", "state": "walking", "node": "hi", "steps": 1, "key": ""}
    count = Enrolment.objects.count()
    return Enrolment.objects.create(
        **defaults
        | {"journey": campaign.version.journey, "version": campaign.version, "customer": customer}
        | {"cause": f"test:{count}", "entered_at": entered_at, "arrived_at": entered_at}
        | fields
    )


def come(
    campaign: Campaign, *customers: Customer, at: datetime = NOON, days: int = 3, step: int = 1, **fields: Any
) -> list[Touch]:
    """These customers come to the step, each on a walk of its own."""
    walks = [enrol(campaign, customer, entered_at=at, **fields) for customer in customers]
    queue_walkers(campaign, [Walker(walk.pk, step, walk.customer_id) for walk in walks], at, at + timedelta(days=days))
    return [Touch.objects.get(enrolment=walk, step=step) for walk in walks]
