"""Calls to other systems: a row each, which a job sends (calling.py)."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction

from homeground.journeys.models import WebhookCall
from homeground.journeys.services.calling import queue_calls
from homeground.journeys.services.walking.walkers import Place, Said, Walker, onwards


def call(place: Place, walkers: Sequence[Walker]) -> list[Said]:
    """Owe the other system one call each."""
    WebhookCall.objects.bulk_create(
        WebhookCall(
            enrolment_id=one.id,
            step=one.steps + 1,
            key=uuid4(),
            url=place.step.url,
            body=_body(place, one),
            due_at=place.at,
        )
        for one in walkers
    )
    transaction.on_commit(queue_calls)
    return onwards(place, walkers)


def _body(place: Place, walker: Walker) -> dict[str, Any]:
    return {
        "type": "journey.step_reached",
        "timestamp": place.at.isoformat(),
        "data": {
            "journey": place.journey.slug,
            "version": place.version.number,
            "node": place.node,
            "name": place.step.name,
            "enrolment_id": walker.id,
            "step": walker.steps + 1,
            "customer_id": walker.customer_id,
        },
    }
