"""External contacts 客户 (documents 92113, 92114, 92994, 92115)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.failures import WeComError
from homeground.wecom.client.reading import Page, block, moment, number, rows, text, texts, userid

_NO_RELATION = 84061  # Also what a member without customers gets.


@dataclass(frozen=True)
class FollowInfo:
    """One member's tie to a contact. tag_ids: corp and rule-group tags; personal ones have no id."""

    userid: str
    began_at: datetime | None
    remark: str
    description: str
    tag_ids: tuple[str, ...]
    mobiles: tuple[str, ...]
    corp_remark: str
    initiator: str  # A userid or an external_userid, as the platform gives it.
    add_way: int
    state: str


@dataclass(frozen=True)
class Contact:
    """One external contact. kind: 1 a WeChat user, 2 a WeCom user; gender: 0 unknown, 1 male, 2 female.

    follows: every member whom this app may see, where `get` was asked.
    """

    external_userid: str
    name: str
    kind: int
    gender: int
    avatar: str
    unionid: str
    position: str
    corp_name: str
    follows: tuple[FollowInfo, ...] = ()


@dataclass(frozen=True)
class ContactOfStaff:
    """One contact with the tie to one member."""

    contact: Contact
    follow: FollowInfo


def ids(api: Api, member_id: str) -> list[str]:
    """The external_userids of one member's contacts; no contacts is an empty list."""
    try:
        answer = api.call("externalcontact/list", params={"userid": member_id})
    except WeComError as refusal:
        if refusal.code == _NO_RELATION:
            return []
        raise
    return list(texts(answer, "external_userid"))


def get(api: Api, external_userid: str) -> Contact:
    """One contact with all follows, page by page. Raises WeComError 84061 when it is nobody's contact now."""
    answer = api.call("externalcontact/get", params={"external_userid": external_userid})
    found, follows = _contact(block(answer, "external_contact")), [*map(_follow, rows(answer, "follow_user"))]
    while cursor := text(answer, "next_cursor"):
        answer = api.call("externalcontact/get", params={"external_userid": external_userid, "cursor": cursor})
        follows += map(_follow, rows(answer, "follow_user"))
    return replace(found, follows=tuple(follows))


def by_staff(api: Api, member_ids: Sequence[str], cursor: str = "", limit: int = 100) -> Page[ContactOfStaff]:
    """The contacts of at most 100 members; a contact comes once for each of them who follows it.

    Members without a licence are left out (701008 when that is all of them).
    """
    body = {"userid_list": list(member_ids), "cursor": cursor, "limit": limit}
    answer = api.read("externalcontact/batch/get_by_user", body)
    found = (
        ContactOfStaff(_contact(block(row, "external_contact")), _follow(block(row, "follow_info")))
        for row in rows(answer, "external_contact_list")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def remark(api: Api, member_id: str, external_userid: str, **fields: Any) -> None:
    """Write what the member notes of the contact; what is not given stays.

    fields: remark ≤ 20 characters, description ≤ 150, remark_company ≤ 20, remark_mobiles (replaces; [""] clears).
    """
    api.call("externalcontact/remark", body={"userid": member_id, "external_userid": external_userid, **fields})


def _contact(row: Mapping[str, Any]) -> Contact:
    return Contact(
        text(row, "external_userid"),
        text(row, "name"),
        number(row, "type"),
        number(row, "gender"),
        text(row, "avatar"),
        text(row, "unionid"),
        text(row, "position"),
        text(row, "corp_name") or text(row, "corp_full_name"),
    )


def _follow(row: Mapping[str, Any]) -> FollowInfo:
    return FollowInfo(
        userid(row),
        moment(row, "createtime"),
        text(row, "remark"),
        text(row, "description"),
        # One contact comes with `tags` (objects), a batch with `tag_id` (ids only).
        texts(row, "tag_id") or tuple(filter(None, (text(tag, "tag_id") for tag in rows(row, "tags")))),
        tuple(filter(None, texts(row, "remark_mobiles"))),
        text(row, "remark_corp_name"),
        text(row, "oper_userid"),
        number(row, "add_way"),
        text(row, "state"),
    )
