"""Checks and repairs of single values, the same for every protocol."""

import hashlib
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from homeground.events.facts import CATALOG
from homeground.ingest.protocols.limits import DEPTH, EVENT_BYTES, ID_LENGTH, NAME_LENGTH
from homeground.ingest.protocols.problems import Unfit, wrong_type
from homeground.people.identities import normalise

EARLIEST = timedelta(days=730)
LATEST = timedelta(hours=1)
_OWN_ROOMS = (
    "people.",
    "commerce.",
    "channels.",
    "segments.",
    "journeys.",
    "content.",
    "insights.",
    "events.",
    "homeground.",
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WIDEST = 2**63


def clean(value: Any, depth: int = 0) -> Any:
    """The value as it can be stored: NUL and half characters become U+FFFD, NaN and numbers beyond 64 bits text.

    Raises Unfit when it is nested deeper than the limit.
    """
    if depth > DEPTH + 2:
        raise too_deep()
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {clean(key): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return _number(value)


def _number(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not -_WIDEST <= value < _WIDEST:
        return str(value)
    return value


@lru_cache(4096)
def event_name(name: str) -> str:
    """An event name from outside. Raises Unfit when it is empty, too long, or one of our own."""
    if not name or name.isspace() or len(name) > NAME_LENGTH:
        raise Unfit("bad_name", f"the event name must have 1 to {NAME_LENGTH} characters", "name")
    if name in CATALOG or name.startswith(_OWN_ROOMS):
        raise Unfit("reserved_name", f"{name} is a name of the platform's own; choose another", "name")
    return name


def identity(kind: str, value: Any, field: str) -> str | None:
    """An id that can lead to a person, normalised; None where there is none, or only what programs write for nobody."""
    if value is None:
        return None
    if type(value) is int:
        value = str(value)
    if type(value) is not str:
        raise wrong_type(field, "a string", value)
    if len(value) > ID_LENGTH:
        raise Unfit("too_long", f"{field} is longer than {ID_LENGTH} characters", field)
    return normalise(kind, value)


def moment(value: Any, field: str) -> datetime | None:
    """An ISO 8601 time; without a zone it is UTC. None where nothing is stated."""
    if value is None or value == "":
        return None
    if type(value) is not str:
        raise wrong_type(field, "an ISO 8601 time", value)
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("bad_time", f"{field} is not an ISO 8601 time: {value[:40]!r}", field) from None


def is_plausible(at: datetime, received_at: datetime) -> bool:
    """Whether an event can have happened then: not over two years ago, not over an hour ahead."""
    return received_at - EARLIEST <= at <= received_at + LATEST


def written(properties: Mapping[str, Any]) -> str:
    """Properties as the JSON text that is stored. Raises Unfit when they are too large or nested too deep."""
    try:
        text = orjson.dumps(properties)
    except TypeError:  # Deeper than the writer goes: 254 levels.
        raise too_deep() from None
    if len(text) > EVENT_BYTES:
        raise Unfit("too_large", f"the event has {len(text):,} bytes; the limit is {EVENT_BYTES:,}")
    if text.count(b"{") + text.count(b"[") > DEPTH and _depth(properties) > DEPTH:
        raise too_deep()
    return text.decode()


def digest(content: Mapping[str, Any]) -> str:
    """A name for what a message says, whatever the order of its keys. Raises Unfit when it is nested too deep."""
    try:
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except TypeError:
        raise too_deep() from None


def too_deep() -> Unfit:
    """An event nested beyond the limit."""
    return Unfit("too_deep", f"the event is nested deeper than {DEPTH} levels")


def _depth(value: Any) -> int:
    """Levels of objects and lists; value has at most 254."""
    deepest, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        deepest += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return deepest
