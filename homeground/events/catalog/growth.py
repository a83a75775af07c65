"""How people come in."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Fact):
    """客户打开入口页; customer_id only where the page knows who it is"""

    name = "growth.door_opened"
    door_id: int
    source_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DoorEntered(Fact):
    """客户经入口进来: became a friend or joined a group"""

    name = "growth.door_entered"
    door_id: int
    source_id: int | None = None
    userid: str = ""
    chat_id: str = ""
