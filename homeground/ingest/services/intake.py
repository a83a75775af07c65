"""Events that come in: the good ones go onto the stream, the others onto the shelf with a reason, in one commit."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import DataError, IntegrityError, transaction

from homeground.events.services import Incoming, receive
from homeground.ingest.models import Rejected
from homeground.ingest.protocols.problems import Unfit
from homeground.ingest.protocols.values import clean

MOST_KEPT = 10_000  # Rejected events; older ones make room.
_LONGEST_BODY = 16_000  # Characters.
_log = logging.getLogger(__name__)
Read = Callable[[Mapping[str, Any]], Incoming]


@dataclass(frozen=True)
class Sender:
    """Who sent a batch, and how."""

    protocol: str
    token_id: int | None = None


@dataclass(frozen=True)
class Refused:
    """One event that was not taken."""

    index: int  # Its place in the request, from 0.
    problem: Unfit
    item: Any


@dataclass(frozen=True)
class Taken:
    """What became of a batch: accepted = new + those that were there before."""

    accepted: int = 0
    new: int = 0
    refused: list[Refused] = field(default_factory=list)


def take(items: Sequence[Any], read: Read, sender: Sender, *, is_clean: bool) -> Taken:
    """Put a batch on the stream, durably when it returns; what cannot be read is kept as Rejected with the reason.

    is_clean: whether every value can be stored as it is. A repeat adds no event.
    """
    events, refused = _sorted(items, read, is_clean)
    try:
        with transaction.atomic():
            new = receive(events)
            _shelve(refused, sender)
    except (DataError, IntegrityError) as error:
        _log.warning("A batch holds what the store cannot: %s. Trying its events one by one.", type(error).__name__)
        return _take_singly(events, refused, sender)
    return Taken(len(events), new, refused)


def _sorted(items: Sequence[Any], read: Read, is_clean: bool) -> tuple[list[Incoming], list[Refused]]:
    events, refused = [], []
    for index, item in enumerate(items):
        try:
            if type(item) is not dict:
                raise Unfit("wrong_type", "an event must be an object")
            events.append(read(item if is_clean else clean(item)))
        except Unfit as problem:
            refused.append(Refused(index, problem, item))
    return events, refused


def _take_singly(events: Sequence[Incoming], refused: list[Refused], sender: Sender) -> Taken:
    """The rest of the batch, where a check of ours let through what the store refuses."""
    new = accepted = 0
    with transaction.atomic():
        for event in events:
            try:
                with transaction.atomic():
                    new += receive([event])
                accepted += 1
            except (DataError, IntegrityError):
                problem = Unfit("unstorable", "the event cannot be stored")
                refused.append(Refused(-1, problem, {"name": event.name, "properties": event.properties}))
        _shelve(refused, sender)
    return Taken(accepted, new, refused)


def _shelve(refused: Sequence[Refused], sender: Sender) -> None:
    if not refused:
        return
    rows = Rejected.objects.bulk_create(_rejected(one, sender) for one in refused)
    Rejected.objects.filter(pk__lte=rows[-1].pk - MOST_KEPT).delete()


def _rejected(one: Refused, sender: Sender) -> Rejected:
    return Rejected(
        protocol=sender.protocol,
        token_id=sender.token_id,
        code=one.problem.code,
        field=_storable(one.problem.field)[:100],
        reason=_storable(one.problem.message)[:300],
        body=_storable(_written(one.item))[:_LONGEST_BODY],
    )


def _written(item: Any) -> str:
    try:
        return orjson.dumps(item).decode()
    except TypeError:  # Half a character, a number beyond 64 bits, or nesting without end.
        return _written_by_hand(item)


def _written_by_hand(item: Any) -> str:
    try:
        return repr(item)
    except RecursionError:
        return "…"


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")
