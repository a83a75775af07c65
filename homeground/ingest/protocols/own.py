"""The platform's own way to send events: POST /api/v1/events."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from homeground.events.services import Incoming, key_of
from homeground.ingest.protocols import values
from homeground.ingest.protocols.limits import ID_LENGTH
from homeground.ingest.protocols.problems import Unfit, wrong_type
from homeground.people.models import Identity

SOURCE = "api"
_READ = {"name", "at", "id", "identities", "properties"}
_KINDS = set(Identity.Kind.values)


def read(item: Mapping[str, Any], received_at: datetime) -> Incoming:
    """One event. Raises Unfit, which names the field by its path inside the event."""
    name = item.get("name")
    if type(name) is not str:
        raise wrong_type("name", "a string", name)
    stated_at = values.moment(item.get("at"), "at")
    properties = _properties(item)
    happened_at = _happened_at(stated_at, received_at, properties)
    return Incoming(
        name=values.event_name(name),
        key=key_of(SOURCE, _id(item)),
        stated_at=stated_at or received_at,
        happened_at=happened_at,
        source=SOURCE,
        identities=_identities(item.get("identities")),
        properties=values.written(properties),
    )


def _id(item: Mapping[str, Any]) -> str:
    """The sender's id of the event; without one, a hash of what it says, so that a retry is the same."""
    given = item.get("id")
    if given is None or given == "":
        return values.digest(item)
    if type(given) not in (str, int):
        raise wrong_type("id", "a string", given)
    if len(str(given)) > ID_LENGTH:
        raise Unfit("too_long", f"id is longer than {ID_LENGTH} characters", "id")
    return str(given)


def _properties(item: Mapping[str, Any]) -> dict[str, Any]:
    given = item.get("properties")
    if given is not None and type(given) is not dict:
        raise wrong_type("properties", "an object", given)
    properties = dict(given or {})
    for key, value in item.items():
        if key not in _READ:
            properties["$" + key if key in properties else key] = value
    return properties


def _happened_at(stated_at: datetime | None, received_at: datetime, properties: dict[str, Any]) -> datetime:
    if stated_at is None or values.is_plausible(stated_at, received_at):
        return stated_at or received_at
    properties["$stated_at"] = stated_at.isoformat()
    properties["$implausible_time"] = True
    return received_at


def _identities(given: Any) -> list[tuple[str, str]]:
    """[{"kind": "phone", "value": "…"}, …] or {"phone": "…", …}."""
    found = []
    for kind, value, path in _pairs(given):
        if kind not in _KINDS:
            raise Unfit("unknown_kind", f"{path}: {kind!r} is none of {', '.join(sorted(_KINDS))}"[:300], path)
        if fit := values.identity(kind, value, path):
            found.append((kind, fit))
    if not found:
        raise Unfit("nobody", 'identities must say who it is, like {"phone": "13800000000"}', "identities")
    return found


def _pairs(given: Any) -> Iterator[tuple[Any, Any, str]]:
    if type(given) is dict:
        yield from ((kind, value, f"identities.{kind}"[:100]) for kind, value in given.items())
        return
    if type(given) is not list:
        raise wrong_type("identities", "an object or an array", given)
    for place, one in enumerate(given):
        path = f"identities[{place}]"
        if type(one) is not dict or type(one.get("kind")) is not str:
            raise Unfit("wrong_type", f'{path} must be like {{"kind": "phone", "value": "…"}}', path)
        yield one["kind"], one.get("value"), path
