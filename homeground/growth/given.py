"""What an operator says of a door, as one value: saved, compared, kept in the log of changes, given back by undo."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from homeground.growth.schedule import DAY

EVERY_DAY = tuple(range(7))


@dataclass(frozen=True)
class ShiftGiven:
    """Weekly hours and who is on. Ends at or before its start: it goes on into the next day."""

    weekdays: tuple[int, ...]
    start_minute: int
    end_minute: int
    staff_ids: tuple[int, ...]


@dataclass(frozen=True)
class GroupGiven:
    """One group of a group code. chat_id: our id of the group chat."""

    chat_id: int
    limit: int = 200


@dataclass(frozen=True)
class WelcomeGiven:
    """One welcome with its hours. relation: "" any, weak or strong. attachment: "", image, link or miniprogram."""

    text: str
    weekdays: tuple[int, ...] = EVERY_DAY
    start_minute: int = 0
    end_minute: int = DAY
    relation: str = ""
    attachment: str = ""
    title: str = ""
    url: str = ""
    appid: str = ""
    picture_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DoorGiven:
    """A door's settings. staff_ids: on at all hours; shifts: in theirs; backup_ids: when nobody else is free."""

    kind: str
    name: str
    source_id: int | None = None
    tags: tuple[str, ...] = ()
    staff_ids: tuple[int, ...] = ()
    backup_ids: tuple[int, ...] = ()
    shifts: tuple[ShiftGiven, ...] = ()
    daily_limit: int | None = None
    groups: tuple[GroupGiven, ...] = ()
    opens_groups: bool = False
    welcomes: tuple[WelcomeGiven, ...] = ()
    consent_notice: str = ""
    skip_verify: bool = False
    skip_reason: str = ""
    skip_by: str = field(default="", compare=False)
    order_days: int = 30
    order_alarm_bp: int = 200

    def document(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def from_document(document: Mapping[str, Any]) -> DoorGiven:
    """What document() wrote."""
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
    plain["shifts"] = tuple(ShiftGiven(**_tuples(row)) for row in document["shifts"])
    plain["groups"] = tuple(GroupGiven(**row) for row in document["groups"])
    plain["welcomes"] = tuple(WelcomeGiven(**_tuples(row)) for row in document["welcomes"])
    return DoorGiven(**plain)


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
