"""Acquisition links 获客助手 (documents 97297, 97298)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import (
    Page,
    block,
    moment,
    number,
    rows,
    seconds,
    text,
    texts,
    userid,
    userids,
)

_AT = "externalcontact/customer_acquisition/"


@dataclass(frozen=True)
class LinkSpec:
    """What a link is to be: a name of at most 30 characters, at most 500 members and departments in all."""

    name: str
    users: Sequence[str]
    departments: Sequence[int] = ()
    skip_verify: bool = False


@dataclass(frozen=True)
class Link:
    """One link."""

    link_id: str
    name: str
    url: str
    created_at: datetime | None
    skip_verify: bool = False
    users: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()

    def with_channel(self, channel: str) -> str:
        """The URL that marks who came by it: `channel` (≤ 64 bytes) comes back as the follow's state."""
        return f"{self.url}?customer_channel={quote(channel)}"


@dataclass(frozen=True)
class LinkCustomer:
    """Who came by a link. chat_status: 0 has not written, 1 has, 2 not known."""

    external_userid: str
    userid: str
    chat_status: int
    state: str


@dataclass(frozen=True)
class Quota:
    """How many customers links may still bring. parts: (when it runs out, how many)."""

    total: int
    balance: int
    parts: tuple[tuple[datetime | None, int], ...]


@dataclass(frozen=True)
class LinkStatistic:
    """Customers who opened a link and who were added, in the asked days."""

    opened: int
    added: int


@dataclass(frozen=True)
class ChatInfo:
    """What a chat_key stands for."""

    userid: str
    external_userid: str
    messages: int
    link_id: str
    state: str


def create(api: Api, spec: LinkSpec) -> Link:
    """Make a link."""
    row = block(api.call(_AT + "create_link", body=_body(spec)), "link")
    return Link(
        text(row, "link_id"),
        text(row, "link_name"),
        text(row, "url"),
        moment(row, "create_time"),
        spec.skip_verify,
        tuple(spec.users),
        tuple(spec.departments),
    )


def get(api: Api, link_id: str) -> Link:
    """One link with its range."""
    answer = api.read(_AT + "get", {"link_id": link_id})
    row, reach = block(answer, "link"), block(answer, "range")
    return Link(
        link_id,
        text(row, "link_name"),
        text(row, "url"),
        moment(row, "create_time"),
        bool(row.get("skip_verify")),
        userids(reach.get("user_list") or []),
        tuple(int(part) for part in texts(reach, "department_list")),
    )


def update(api: Api, link_id: str, spec: LinkSpec) -> None:
    """Change a link; its range is replaced, its URL stays."""
    api.call(_AT + "update_link", body={"link_id": link_id, **_body(spec)})


def delete(api: Api, link_id: str) -> None:
    """Delete a link."""
    api.call(_AT + "delete_link", body={"link_id": link_id})


def list_page(api: Api, cursor: str = "") -> Page[str]:
    """The link_ids of this app."""
    answer = api.read(_AT + "list_link", {"limit": 100, "cursor": cursor})
    return Page(texts(answer, "link_id_list"), text(answer, "next_cursor"))


def customers_page(api: Api, link_id: str, cursor: str = "") -> Page[LinkCustomer]:
    """Who was added by a link."""
    answer = api.read(_AT + "customer", {"link_id": link_id, "limit": 1000, "cursor": cursor})
    found = (
        LinkCustomer(text(row, "external_userid"), userid(row), number(row, "chat_status"), text(row, "state"))
        for row in rows(answer, "customer_list")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def quota(api: Api) -> Quota:
    """What is left of the corp's quota."""
    answer = api.call("externalcontact/customer_acquisition_quota")
    parts = tuple((moment(row, "expire_date"), number(row, "balance")) for row in rows(answer, "quota_list"))
    return Quota(number(answer, "total"), number(answer, "balance"), parts)


def statistic(api: Api, link_id: str, since: datetime, until: datetime) -> LinkStatistic:
    """Whole days, at most 30 of them, at most 180 days back."""
    body = {"link_id": link_id, "start_time": seconds(since), "end_time": seconds(until)}
    answer = api.read(_AT + "statistic", body)
    return LinkStatistic(number(answer, "click_link_customer_cnt"), number(answer, "new_customer_cnt"))


def chat_info(api: Api, chat_key: str) -> ChatInfo:
    """Whose chat a callback spoke of; its chat_key is good for 30 minutes."""
    answer = api.read(_AT + "get_chat_info", {"chat_key": chat_key})
    chat = block(answer, "chat_info")
    return ChatInfo(
        userid(answer),
        text(answer, "external_userid"),
        number(chat, "recv_msg_cnt"),
        text(chat, "link_id"),
        text(chat, "state"),
    )


def _body(spec: LinkSpec) -> dict[str, Any]:
    reach = {"user_list": list(spec.users), "department_list": list(spec.departments)}
    return {"link_name": spec.name, "range": reach, "skip_verify": spec.skip_verify}
