"""Segment's HTTP API, as its SDKs speak it (RudderStack's differ in few points, read here too)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from homeground.events.services import Incoming, key_of
from homeground.ingest.protocols import values
from homeground.ingest.protocols.problems import Unfit, wrong_type

SOURCE = "segment"
# Short names are those of the browser SDK.
KINDS = {
    "track": "track", "t": "track", "identify": "identify", "i": "identify", "alias": "alias", "a": "alias",
    "page": "page", "p": "page", "screen": "screen", "s": "screen", "group": "group", "g": "group",
}  # fmt: skip
BATCHES = ("batch", "b", "import")
_NAMES = {
    "page": "page_viewed",
    "screen": "screen_viewed",
    "identify": "identified",
    "group": "grouped",
    "alias": "aliased",
}
# The envelope: read into the event's own fields. Everything else a sender writes is kept as a property.
_READ = {
    "type",
    "event",
    "messageId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "userId",
    "anonymousId",
    "previousId",
}
_IGNORED = {"integrations", "_metadata", "writeKey", "receivedAt"}
_OF_PERSON = ("email", "phone")
_SMALLEST_SKEW = timedelta(seconds=1)  # Less is the way of the request, not the sender's clock.
_LARGEST_SKEW = timedelta(days=1)  # More is an old file sent again, not a clock that is wrong.


@dataclass(frozen=True)
class Envelope:
    """What the request says about all of its events."""

    received_at: datetime
    sent_at: datetime | None = None
    kind: str | None = None  # Of the address: /v1/track.


def read(item: Mapping[str, Any], envelope: Envelope) -> Incoming:
    """One message as an event. Raises Unfit, which names the field."""
    kind = item.get("type") or envelope.kind
    if kind == "track":
        name = _track_name(item)
    elif type(kind) is str and kind in _NAMES:
        name = _NAMES[kind]
    else:
        raise Unfit("bad_type", "type must be one of track, identify, page, screen, group, alias", "type")
    return _event(item, envelope, name, kind)


def _track_name(item: Mapping[str, Any]) -> str:
    name = item.get("event")
    if type(name) is not str:
        raise wrong_type("event", "a string", name)
    return values.event_name(name)


def _event(item: Mapping[str, Any], envelope: Envelope, name: str, kind: str) -> Incoming:
    properties = _properties(item, kind)
    identities = _identities(item, kind, properties)
    stated_at = values.moment(item.get("timestamp") or item.get("originalTimestamp"), "timestamp")
    happened_at = _happened_at(item, envelope, stated_at, properties)
    return Incoming(
        name=name,
        key=key_of(SOURCE, _message_id(item)),
        stated_at=stated_at or envelope.received_at,
        happened_at=happened_at,
        source=SOURCE,
        identities=identities,
        properties=values.written(properties),
    )


def _message_id(item: Mapping[str, Any]) -> str:
    """The sender's id of the message; without one, a hash of what it says, so that a retry is the same."""
    message_id = item.get("messageId")
    if type(message_id) is str and message_id:
        return message_id
    content = {key: value for key, value in item.items() if key not in ("sentAt", "_metadata", "messageId")}
    return values.digest(content)


def _properties(item: Mapping[str, Any], kind: str) -> dict[str, Any]:
    field = "traits" if kind in ("identify", "group") else "properties"
    given = item.get(field)
    if given is None and kind == "identify":
        given = _part(item, "context").get("traits")  # RudderStack's Python and browser SDKs.
    if given is not None and type(given) is not dict:
        raise wrong_type(field, "an object", given)
    properties = dict(given or {})
    for key, value in item.items():
        if key not in _READ and key not in _IGNORED and key != field and value is not None:
            # Beside traits nothing else may stand: traits become attributes.
            properties["$" + key if key in properties or kind == "identify" else key] = value
    return properties


def _identities(item: Mapping[str, Any], kind: str, properties: dict[str, Any]) -> list[tuple[str, str]]:
    device = _part(_part(item, "context"), "device", "context.").get("id")
    found = [
        ("user_id", values.identity("user_id", item.get("userId"), "userId")),
        ("anonymous", values.identity("anonymous", item.get("anonymousId"), "anonymousId")),
        ("device", values.identity("device", device, "context.device.id")),
    ]
    if kind == "alias":
        found += _previous(item)
    if kind == "identify":
        found += [(trait, _taken(properties, trait)) for trait in _OF_PERSON]
    identities = [(key, value) for key, value in found if value]
    if not identities:
        raise Unfit("nobody", "userId or anonymousId must say who it is", "userId")
    return identities


def _previous(item: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """The id that an alias replaces: it may have been either kind. Equal to the new one, there is nothing to join."""
    said = item.get("previousId")
    previous = values.identity("user_id", said, "previousId")
    if previous is None or previous == values.identity("user_id", item.get("userId"), "userId"):
        return []
    return [("user_id", previous), ("anonymous", previous)]


def _taken(properties: dict[str, Any], trait: str) -> str | None:
    """E-mail and phone leave the traits: they are identities, and shown masked. What cannot be one stays a trait."""
    value = values.identity(trait, properties.get(trait), f"traits.{trait}")
    if value:
        del properties[trait]
    return value


def _part(item: Mapping[str, Any], field: str, before: str = "") -> Mapping[str, Any]:
    part = item.get(field)
    if part is None:
        return {}
    if type(part) is not dict:
        raise wrong_type(before + field, "an object", part)
    return part


def _happened_at(
    item: Mapping[str, Any], envelope: Envelope, stated_at: datetime | None, properties: dict[str, Any]
) -> datetime:
    """The true time: the sender's, corrected by how far its clock is off; the originals stay in the properties."""
    received_at = envelope.received_at
    if stated_at is None:
        return received_at
    sent_at = values.moment(item.get("sentAt"), "sentAt") or envelope.sent_at
    skew = received_at - sent_at if sent_at else timedelta(0)
    happened_at = stated_at
    if abs(skew) >= _SMALLEST_SKEW:
        properties["$stated_at"] = stated_at.isoformat()
        properties["$clock_skew_seconds"] = skew.total_seconds()
        happened_at = _shifted(stated_at, skew)
    if values.is_plausible(happened_at, received_at):
        return happened_at
    properties["$stated_at"] = stated_at.isoformat()
    properties["$implausible_time"] = True
    return received_at


def _shifted(stated_at: datetime, skew: timedelta) -> datetime:
    try:
        return stated_at + skew if abs(skew) <= _LARGEST_SKEW else stated_at
    except OverflowError:  # The year 9999, and a day.
        return stated_at
