"""What the channel said of touches, written down at once for the whole batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from homeground.events.catalog.channels import MessageFailed
from homeground.events.services import record
from homeground.journeys.models import Campaign, State, Suppression, Touch, TouchState

_SETTLE = (Path(__file__).parent.parent / "sql" / "settle.sql").read_text()
TRIES = 5  # Of a touch that is definitely not sent yet.
_FIRST_WAIT, _GROWTH = timedelta(minutes=1), 4  # 1, 4, 16, 64 minutes.


@dataclass(frozen=True)
class Fate:
    """What became of one touch. may_retry: definitely not sent."""

    id: int
    key: UUID
    state: str
    reason: str = ""
    may_retry: bool = False
    due_at: datetime | None = None


@transaction.atomic
def settle(campaign_id: int, fates: Sequence[Fate], at: datetime) -> None:
    """Write down the fates of a batch. A repeat changes nothing; a receipt that came first stays."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    tries = dict(Touch.objects.filter(pk__in=[fate.id for fate in fates]).values_list("pk", "attempts"))
    settled = [_settled(fate, tries[fate.id], campaign.state, at) for fate in fates]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, _columns(settled))
    _tell_of_failures(campaign_id, fates, settled, at)


def _settled(fate: Fate, tries: int, campaign_state: str, at: datetime) -> Fate:
    if not fate.may_retry:
        return fate
    if campaign_state == State.CANCELLED:
        return replace(fate, state=TouchState.SUPPRESSED, reason=Suppression.CANCELLED)
    if tries < TRIES:
        return replace(fate, state=TouchState.QUEUED, due_at=at + _FIRST_WAIT * _GROWTH ** (tries - 1))
    return fate


def _tell_of_failures(campaign_id: int, fates: Sequence[Fate], settled: Sequence[Fate], at: datetime) -> None:
    # The channel tells of final failures itself; that we gave up after the last try only we know.
    given_up = [new.id for old, new in zip(fates, settled, strict=True) if old.may_retry and new.state == "failed"]
    for touch in Touch.objects.filter(pk__in=given_up):
        record(
            MessageFailed(
                customer_id=touch.customer_id,
                touch_id=touch.pk,
                channel=touch.channel,
                campaign_id=campaign_id,
                reason=touch.reason,
                happened_at=at,
                cause=str(touch.pk),
            )
        )


def _columns(fates: Sequence[Fate]) -> dict[str, list[object]]:
    parted = [fate.reason.partition(": ") for fate in fates]
    return {
        "ids": [fate.id for fate in fates],
        "keys": [fate.key for fate in fates],
        "states": [str(fate.state) for fate in fates],
        "reasons": [code[:40] for code, _colon, _words in parted],
        "details": [Jsonb({"words": words}) if words else None for _code, _colon, words in parted],
        "due": [fate.due_at for fate in fates],
    }
