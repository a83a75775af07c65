"""The platform's side of a door: what to make, change, find again and take away there, by kind of door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from homeground.growth.models import Door
from homeground.wecom.client import Api, join_ways, links, ways
from homeground.wecom.client.failures import Failure, FateUnknown, WeComError

Spec = Mapping[str, Any]  # What the platform should have of a door; JSON, kept with the door.
_GONE = {41044}  # config_id invalid: it is not there (any more).
_MAKING = ("add_contact_way", "add_join_way", "create_link")
_AROUND = timedelta(minutes=10)  # Clocks differ.
JOINED_AT_MOST = 5  # Groups in one join way.


@dataclass(frozen=True)
class Placed:
    """What the platform gave. url: of the code's picture, or the link."""

    config_id: str
    url: str


class Side(Protocol):
    """One kind of door there. Each call may raise the client's failures."""

    def create(self, api: Api, spec: Spec) -> Placed:
        """Make it."""

    def update(self, api: Api, known: Placed, spec: Spec) -> Placed:
        """Make it be as wanted; a repeat changes nothing."""

    def delete(self, api: Api, config_id: str) -> None:
        """Take it away."""

    def find(self, api: Api, token: str, asked_at: datetime) -> Placed | None:
        """What a call of unknown fate made; None: nothing that can be found."""


class _LiveCode:
    def create(self, api: Api, spec: Spec) -> Placed:
        made = ways.add(api, self._spec(spec))
        return Placed(made.config_id, made.qr_code)

    def update(self, api: Api, known: Placed, spec: Spec) -> Placed:
        ways.update(api, known.config_id, self._spec(spec))
        return known

    def delete(self, api: Api, config_id: str) -> None:
        ways.delete(api, config_id)

    def find(self, api: Api, token: str, asked_at: datetime) -> Placed | None:
        cursor = ""
        while True:
            page = ways.list_page(api, asked_at - _AROUND, asked_at + _AROUND, cursor)
            for config_id in page.items:
                way = ways.get(api, config_id)
                if way.state == token:
                    return Placed(config_id, way.qr_code)
            if not (cursor := page.next_cursor):
                return None

    def _spec(self, spec: Spec) -> ways.WaySpec:
        return ways.WaySpec(
            users=tuple(spec["users"]), state=spec["state"], remark=spec["name"], skip_verify=spec["skip_verify"]
        )


class _GroupCode:
    def create(self, api: Api, spec: Spec) -> Placed:
        config_id = join_ways.add(api, self._spec(spec))
        return Placed(config_id, self._url(api, config_id))

    def update(self, api: Api, known: Placed, spec: Spec) -> Placed:
        join_ways.update(api, known.config_id, self._spec(spec))
        return Placed(known.config_id, known.url or self._url(api, known.config_id))

    def delete(self, api: Api, config_id: str) -> None:
        join_ways.delete(api, config_id)

    def find(self, api: Api, token: str, asked_at: datetime) -> Placed | None:
        """The platform lists no join ways. One made and lost is known to nobody, so making another does no harm."""
        return None

    def _url(self, api: Api, config_id: str) -> str:
        """Empty when it cannot be read now: the join way is there all the same, and must not be forgotten."""
        try:
            return join_ways.get(api, config_id).qr_code
        except Failure:
            return ""

    def _spec(self, spec: Spec) -> join_ways.JoinSpec:
        return join_ways.JoinSpec(
            chat_ids=tuple(spec["chats"]),
            state=spec["state"],
            remark=spec["name"],
            auto_create_room=spec["opens_groups"],
            room_base_name=spec["name"],
            room_base_id=spec["first_number"],
        )


class _Link:
    def create(self, api: Api, spec: Spec) -> Placed:
        made = links.create(api, self._spec(spec))
        return Placed(made.link_id, made.url)

    def update(self, api: Api, known: Placed, spec: Spec) -> Placed:
        links.update(api, known.config_id, self._spec(spec))
        return known

    def delete(self, api: Api, config_id: str) -> None:
        links.delete(api, config_id)

    def find(self, api: Api, token: str, asked_at: datetime) -> Placed | None:
        cursor = ""
        while True:
            page = links.list_page(api, cursor)
            for link_id in page.items:
                link = links.get(api, link_id)
                if link.name.endswith(token):
                    return Placed(link_id, link.url)
            if not (cursor := page.next_cursor):
                return None

    def _spec(self, spec: Spec) -> links.LinkSpec:
        return links.LinkSpec(name=self._name(spec), users=tuple(spec["users"]), skip_verify=spec["skip_verify"])

    def _name(self, spec: Spec) -> str:
        """With the token at its end: a link carries nothing else that says whose it is."""
        return f"{spec['name'][:19]} {spec['state']}"


SIDES: Mapping[str, Side] = {
    Door.Kind.LIVE_CODE: _LiveCode(),
    Door.Kind.GROUP_CODE: _GroupCode(),
    Door.Kind.LINK: _Link(),
}


def may_have_made(failure: Exception) -> bool:
    """Whether the thing may be there now, without anybody knowing its number."""
    return isinstance(failure, FateUnknown) and failure.api.endswith(_MAKING)


def is_gone(failure: Exception) -> bool:
    """Whether the platform says that it does not have the thing."""
    return isinstance(failure, WeComError) and failure.code in _GONE
