"""What became of each customer and group, written once and told once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.events import services as events
from homeground.events.catalog.wecom import TransferRefused
from homeground.service.models import Handover, HandoverItem
from homeground.wecom.models import Follow
from homeground.wecom.services import sync
from homeground.wecom.services.contacts import Ending, end_follows

State = HandoverItem.State
Settled = tuple[int, str, int, datetime]  # Item, state, the platform's code, when.
_SETTLE = (Path(__file__).parents[2] / "sql" / "handover_settle.sql").read_text()
_REASONS = {State.REFUSED.value: "customer_refused", State.FULL.value: "customer_limit_exceed"}


@transaction.atomic
def settle(settled: Sequence[Settled], *, tells: bool = True) -> int:
    """End these items, their old friendships with them, and tell refusals. A repeat changes nothing.

    tells: False where the refusal was told already. Returns how many ended.
    """
    if not settled:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [list(column) for column in zip(*settled, strict=True)])
        ended = cursor.fetchall()
    end_follows([Ending(giver, external, at, Follow.Ending.TRANSFERRED) for giver, external, at in _given(ended)])
    if tells:
        events.record(*_refusals(ended))
    done = [row for row in ended if row[1] == State.DONE]
    for userid in {row[3] for row in done if row[4]}:
        transaction.on_commit(partial(sync.queue_member, userid))
    if any(row[4] is None for row in done):
        transaction.on_commit(partial(sync.queue_sync, full=False))  # Groups have another owner now.
    return len(ended)


@transaction.atomic
def close_if_settled(handover_id: int, at: datetime) -> None:
    """A handover whose items have all been asked waits; one whose items have all ended is done."""
    handover = Handover.objects.select_for_update().get(pk=handover_id)
    if handover.state not in (Handover.State.RUNNING, Handover.State.WAITING):
        return
    states = set(handover.items.values_list("state", flat=True).distinct())
    if states & {State.PLANNED, State.ASKING}:
        state = Handover.State.RUNNING
    else:
        state = Handover.State.WAITING if states & {*HandoverItem.UNSETTLED} else Handover.State.DONE
    handover.state = state
    handover.ended_at = at if state == Handover.State.DONE else None
    handover.save(update_fields=["state", "ended_at"])


def _given(ended: Iterable[Any]) -> Iterator[tuple[str, str, datetime]]:
    for _item, state, giver, _taker, external, _customer, at in ended:
        if state == State.DONE and external:
            yield giver, external, at


def _refusals(ended: Iterable[Any]) -> Iterator[TransferRefused]:
    for item, state, _giver, taker, _external, customer, at in ended:
        if reason := _REASONS.get(state):
            yield TransferRefused(
                customer_id=customer, userid=taker, reason=reason, happened_at=at, cause=f"handover:{item}"
            )
