"""What a fact is, what a handler gets, and how a handler says which facts it wants."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

Identities = Sequence[tuple[str, str]]  # (kind, value), like ("phone", "13800000000").
CATALOG: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that happened, as our own rooms tell it. A subclass is an entry of the event dictionary.

    Fields of the subclass become the event's properties; the docstring is its name on screen.
    """

    name: ClassVar[str]
    customer_id: int | None = None
    identities: Identities = ()  # Who it is about, when the customer is not known yet.
    happened_at: datetime | None = None  # None: now.
    cause: str | None = None  # The same name and cause is the same event; None: always a new one.
    source: str = "homeground"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        CATALOG[cls.name] = cls

    def properties(self) -> dict[str, Any]:
        """The fields that the subclass added, without those that are None."""
        return {
            field.name: value
            for field in fields(self)
            if field.name not in _ENVELOPE and (value := getattr(self, field.name)) is not None
        }


_ENVELOPE = {field.name for field in fields(Fact)}


@dataclass(frozen=True)
class Event:
    """One event as handlers and pages see it. customer_id is None when nobody could be found."""

    id: int
    name: str
    customer_id: int | None
    happened_at: datetime
    received_at: datetime
    source: str
    identities: Identities
    properties: Mapping[str, Any]


Handler = Callable[[Sequence[Event]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def on(*facts: type[Fact] | str) -> Callable[[Handler], Handler]:
    """Register a handler for facts, by class or by event name; "*" means every event.

    It is called with a batch in stream order, at least once: a repeat must do no harm. When it raises, the batch is
    halved until the events that it cannot bear are found; those are set aside with the reason and the rest go on.
    """

    def register(handler: Handler) -> Handler:
        for fact in facts:
            _handlers[fact if isinstance(fact, str) else fact.name].append(handler)
        return handler

    return register


def handlers_of(name: str) -> list[Handler]:
    """The handlers of an event name, those of every event first."""
    return [*_handlers.get("*", []), *_handlers.get(name, [])]
