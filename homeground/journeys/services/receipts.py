"""Receipts: what channels tell of touches, and the consents that people withdraw because of them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from homeground.channels.kinds import SHARED
from homeground.channels.models import Channel
from homeground.events.facts import Event, Fact
from homeground.journeys.models import Campaign, State
from homeground.journeys.services.campaigns import queue_withdrawal
from homeground.journeys.services.guard import SQL

_RECEIPTS = (SQL / "receipts.sql").read_text()
_OPT_OUTS = (SQL / "opt_outs.sql").read_text()
_ANSWERS = (SQL / "answers.sql").read_text()


def note_receipts(events: Sequence[Event]) -> None:
    """Move the touches of these channels.message_… events on, all at once. A repeat changes nothing.

    Only what our own channels recorded counts: an SDK may send any name and any property.
    """
    receipts = [event for event in events if event.source == Fact.source]
    params = {
        "touch_ids": [event.properties["touch_id"] for event in receipts],
        "names": [event.name.removeprefix("channels.message_") for event in receipts],
        "moments": [event.happened_at for event in receipts],
        "reasons": [str(event.properties.get("reason") or "") for event in receipts],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, params)


def note_opt_outs(events: Sequence[Event]) -> None:
    """Note on touches that their receivers withdrew consent through them. A repeat changes nothing."""
    customers = sorted({event.customer_id for event in events if event.customer_id})
    with connection.cursor() as cursor:
        cursor.execute(_OPT_OUTS, {"customer_ids": customers})


def note_answers(events: Sequence[Event]) -> None:
    """Note on touches through WeCom that their receivers wrote to us soon after. A repeat changes nothing."""
    told = [(event.customer_id, event.happened_at) for event in events if event.customer_id]
    slugs = list(Channel.objects.filter(kind__in=SHARED).values_list("slug", flat=True))
    params: dict[str, Any] = {
        "customer_ids": [who for who, _at in told],
        "moments": [at for _who, at in told],
        "channels": slugs,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, params)


def withdraw_late(events: Sequence[Event]) -> None:
    """Take back what was placed with staff while its campaign was being cancelled. A repeat changes nothing."""
    told = (event.properties.get("campaign_id") for event in events if event.source == Fact.source)
    campaigns = {number for number in told if number is not None}
    cancelled = Campaign.objects.filter(pk__in=campaigns, state=State.CANCELLED)
    for campaign_id in cancelled.values_list("pk", flat=True):
        queue_withdrawal(campaign_id)
