"""Rooms above that want to hear of callbacks which this room only keeps: acquisition links, 微信客服."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Told:
    """One callback. fields: the XML's texts by element name, like {"LinkId": "ca…"}. at: CreateTime."""

    event: str
    fields: Mapping[str, str]
    at: datetime


Listener = Callable[[Sequence[Told]], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def on_told(event: str) -> Callable[[Listener], Listener]:
    """Register for an event ("kf_msg_or_event"), with or without its change ("customer_acquisition.delete_link").

    It is called with a batch, at least once, outside any transaction; when it raises, the callbacks wait and are told
    again.
    """

    def register(listener: Listener) -> Listener:
        _listeners[event].append(listener)
        return listener

    return register


def has_listener(event: str) -> bool:
    """Whether anybody wants it."""
    return bool(listeners_of(event))


def listeners_of(event: str) -> list[Listener]:
    """Who wants it."""
    return [*_listeners.get(event, []), *(_listeners.get(event.partition(".")[0], []) if "." in event else [])]
