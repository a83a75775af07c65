"""Messages: one touch a walker, judged by the guard; what goes out, dispatch sends."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction

from homeground.journeys.models import Campaign
from homeground.journeys.services.campaigns import queue_dispatch
from homeground.journeys.services.guard import Walker as Receiver
from homeground.journeys.services.guard import queue_walkers
from homeground.journeys.services.walking.walkers import Place, Said, Walker, onwards


def send(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Queue, defer or suppress one touch each. Everybody goes on."""
    campaign = Campaign.objects.get(version=place.version.pk, node=place.node)
    receivers = [Receiver(one.id, one.steps + 1, one.customer_id) for one in walkers]
    queue_walkers(campaign, receivers, place.at, place.at + timedelta(days=place.step.valid_days))
    transaction.on_commit(partial(queue_dispatch, campaign.pk))
    return onwards(place, walkers)
