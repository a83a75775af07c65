"""Receipts: what channels tell of touches, and the consents that people withdraw because of them."""

from collections.abc import Sequence

from django.db import connection

from homeground.events.facts import Event, Fact
from homeground.journeys.services.guard import SQL

_RECEIPTS = (SQL / "receipts.sql").read_text()
_OPT_OUTS = (SQL / "opt_outs.sql").read_text()


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
