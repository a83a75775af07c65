"""What events mean to journeys: listeners by event name, read again only when a journey was published or ended."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from pydantic import TypeAdapter

from homeground.journeys.models import Listener
from homeground.segments.rules.comparisons import (
    AtLeast,
    AtMost,
    Between,
    Contains,
    Equals,
    Greater,
    In,
    IsSet,
    Less,
    Part,
    Starts,
    kind_of,
)
from homeground.segments.rules.nodes import PropertyIs

_WHERE: TypeAdapter[list[PropertyIs]] = TypeAdapter(list[PropertyIs])
Purpose = Listener.Purpose


@dataclass(frozen=True)
class Heard:
    """One listener. node: the wait that it ends; key: the property that tells walks apart."""

    journey_id: int
    version_id: int
    purpose: str
    node: str
    where: Sequence[PropertyIs]
    key: str

    def means(self, properties: Mapping[str, Any]) -> bool:
        """Whether an event with these properties is meant."""
        return all(holds(one, properties) for one in self.where)


Listeners = Mapping[str, Sequence[Heard]]
_known: tuple[tuple[int, int], Listeners] = ((-1, -1), {})


def listeners() -> Listeners:
    """All listeners by event name; one small question as long as nothing was published."""
    global _known
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(id), 0) FROM journeys_listener")
        stamp = cursor.fetchone()
    if _known[0] != stamp:
        _known = (stamp, _read())
    return _known[1]


def holds(one: PropertyIs, properties: Mapping[str, Any]) -> bool:
    """Whether a property compares as segments say: text with text, number with number, flag with flag."""
    value, test = properties.get(one.property), one.is_
    if isinstance(test, IsSet):
        return (value is not None) == test.is_set
    if value is None or _kind(value) != kind_of(test):
        return False
    return _compares(value, test)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else ""


def _compares(value: Any, test: Part) -> bool:
    match test:
        case Equals():
            return bool(value == test.equals)
        case In():
            return value in test.one_of
        case Contains():
            return test.contains in value
        case Starts():
            return bool(value.startswith(test.starts))
    return _measures(float(value), test)


def _measures(value: float, test: Part) -> bool:
    match test:
        case Greater():
            return value > test.greater
        case AtLeast():
            return value >= test.at_least
        case Less():
            return value < test.less
        case AtMost():
            return value <= test.at_most
        case Between(between=(int() | float() as low, int() | float() as high)):
            return low <= value <= high
    raise TypeError(f"{test!r} compares no property")


def _read() -> Listeners:
    found: defaultdict[str, list[Heard]] = defaultdict(list)
    rows = Listener.objects.order_by("pk").values_list(
        "event", "version__journey_id", "version_id", "purpose", "node", "where", "key"
    )
    for event, journey, version, purpose, node, where, key in rows:
        filters = _WHERE.validate_json(json.dumps(where))
        found[event].append(Heard(journey, version, purpose, node, filters, key))
    return dict(found)
