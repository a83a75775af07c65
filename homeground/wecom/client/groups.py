"""Customer group chats 客户群 (documents 92120, 92122)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import Page, block, moment, number, rows, text, userid

_EXTERNAL = 2


@dataclass(frozen=True)
class GroupRef:
    """One group of the list. status: 0 normal, 1 its owner has left, 2 being handed over, 3 handed over."""

    chat_id: str
    status: int


@dataclass(frozen=True)
class GroupMember:
    """Who is in a group. member_id: a userid or an external_userid. join_scene: 1 invited, 2 invite link, 3 code."""

    member_id: str
    is_external: bool
    unionid: str
    name: str
    joined_at: datetime | None
    join_scene: int
    invited_by: str
    state: str


@dataclass(frozen=True)
class Group:
    """One group with everybody in it."""

    chat_id: str
    name: str
    owner: str
    created_at: datetime | None
    notice: str
    member_version: str
    members: tuple[GroupMember, ...]
    admins: tuple[str, ...]


def list_page(api: Api, cursor: str = "", owners: Sequence[str] = (), status_filter: int = 0) -> Page[GroupRef]:
    """The groups of at most 100 owners; with more than 1000 members in range owners must be given (81017)."""
    body: dict[str, Any] = {"status_filter": status_filter, "cursor": cursor, "limit": 1000}
    if owners:
        body["owner_filter"] = {"userid_list": list(owners)}
    answer = api.read("externalcontact/groupchat/list", body)
    found = (GroupRef(text(row, "chat_id"), number(row, "status")) for row in rows(answer, "group_chat_list"))
    return Page(tuple(found), text(answer, "next_cursor"))


def get(api: Api, chat_id: str) -> Group:
    """One group. Right after an event its details may lag some 2 s."""
    row = block(api.read("externalcontact/groupchat/get", {"chat_id": chat_id, "need_name": 1}), "group_chat")
    return Group(
        text(row, "chat_id") or chat_id,
        text(row, "name"),
        userid(row, "owner"),
        moment(row, "create_time"),
        text(row, "notice"),
        text(row, "member_version"),
        tuple(_member(member) for member in rows(row, "member_list")),
        tuple(userid(admin) for admin in rows(row, "admin_list")),
    )


def chat_id_of(api: Api, opengid: str) -> str:
    """The chat_id of the group that a mini-program or the sidebar knows as opengid."""
    return text(api.read("externalcontact/opengid_to_chatid", {"opengid": opengid}), "chat_id")


def _member(row: Mapping[str, Any]) -> GroupMember:
    is_external = number(row, "type") == _EXTERNAL
    return GroupMember(
        text(row, "userid") if is_external else userid(row),
        is_external,
        text(row, "unionid"),
        text(row, "name") or text(row, "group_nickname"),
        moment(row, "join_time"),
        number(row, "join_scene"),
        userid(block(row, "invitor")),
        text(row, "state"),
    )
