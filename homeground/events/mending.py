"""What becomes of events that were set aside: they are tried again, or given up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from homeground.core import time
from homeground.events import batches, stream
from homeground.events.append import append, check
from homeground.events.batches import Row
from homeground.events.bearing import bear
from homeground.events.errors import BatchUnderWay
from homeground.events.facts import Handler
from homeground.events.models import SetAside

_BEFORE_HANDLERS = ("resolve", "append")


@dataclass(frozen=True)
class Retried:
    """How many set-aside events went through, and how many still wait."""

    done: int
    waiting: int


def retry_set_aside(ids: Sequence[int] | None = None) -> Retried:
    """Try set-aside events again (all that wait, or these entries), each from where it failed.

    What fails again stays, with the new reason. Raises BatchUnderWay with nothing tried.
    """
    with stream.paused():
        if batches.under_way():
            raise BatchUnderWay
        before = _waiting(ids)
        groups: dict[str, list[SetAside]] = defaultdict(list)
        for entry in before:
            groups[entry.handler].append(entry)
        for who, entries in groups.items():
            _retry(who, batches.rows_by_id([(entry.event_id, entry.day) for entry in entries]))
        left = len(_waiting([entry.id for entry in before]))
    return Retried(len(before) - left, left)


def discard_set_aside(ids: Sequence[int]) -> int:
    """Give up on these entries: nobody will retry them, and their day may be dropped. Returns how many waited."""
    return SetAside.objects.filter(id__in=ids, discarded_at=None).update(discarded_at=time.now())


def _waiting(ids: Sequence[int] | None) -> list[SetAside]:
    waiting = SetAside.objects.filter(discarded_at=None).order_by("id")
    return list(waiting if ids is None else waiting.filter(id__in=ids))


def _retry(who: str, rows: Sequence[Row]) -> None:
    if who in _BEFORE_HANDLERS:
        _carry(who, rows)
    else:
        rows = stream.resolved(rows)
        for handler, wanted in stream.by_handler(rows):
            if stream.name_of(handler) == who:
                bear(wanted, partial(_call_and_settle, handler, who), who)


def _carry(who: str, rows: Sequence[Row]) -> None:
    rows = bear(stream.resolved(rows), check, "append")
    for row in rows:
        append([row], f"set-aside:{row.event.id}")  # A token an event: repeated with others it is still kept once.
    for handler, wanted in stream.by_handler(rows):
        bear(wanted, partial(stream.call, handler), stream.name_of(handler))
    _settle(who, rows)


def _call_and_settle(handler: Handler, who: str, rows: Sequence[Row]) -> None:
    stream.call(handler, rows)
    _settle(who, rows)


def _settle(who: str, rows: Sequence[Row]) -> None:
    SetAside.objects.filter(handler=who, event_id__in=[row.event.id for row in rows]).delete()
