"""Mass messages 企业群发: tasks that members confirm (documents 92135, 93338, 97610, 97611)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import Page, block, given, moment, number, rows, seconds, text, texts, userid
from homeground.wecom.client.welcome import Attachment, message

ALL_CREATORS = 2


@dataclass(frozen=True)
class MassSpec:
    """One mass message. To customers (at most 10,000), or with is_group to groups (at most 2,000, sender needed).

    tag_filter: [[tag_id, …], …], any within a list and all lists; not looked at when external_userids are given.
    A customer's task goes only to the member who last spoke with them. At most 4000 bytes and 9 attachments.
    """

    text: str
    attachments: Sequence[Attachment] = ()
    external_userids: Sequence[str] = ()
    chat_ids: Sequence[str] = ()
    sender: str = ""
    is_group: bool = False
    tag_filter: Sequence[Sequence[str]] = ()
    allow_select: bool = False


@dataclass(frozen=True)
class Created:
    """What was taken. fail_list: recipients whom the platform will not send to."""

    msgid: str
    fail_list: tuple[str, ...]


@dataclass(frozen=True)
class MassInfo:
    """One message of the record. is_personal: made by a member; creator is empty for one made through the API."""

    msgid: str
    creator: str
    created_at: datetime | None
    is_personal: bool
    text: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class MassTask:
    """One member's part. sent_at is None until the member confirms."""

    userid: str
    is_sent: bool
    sent_at: datetime | None


@dataclass(frozen=True)
class MassResult:
    """One recipient: a customer or a group. status: 0 not sent, 1 sent, 2 no friend, 3 had other mass messages."""

    recipient: str
    userid: str
    status: int
    sent_at: datetime | None


def create(api: Api, spec: MassSpec) -> Created:
    """Place the tasks. Raises WeComError 41048 when nobody can be reached; after FateUnknown look into list_page."""
    answer = api.call("externalcontact/add_msg_template", body=_body(spec))
    return Created(text(answer, "msgid"), texts(answer, "fail_list"))


def list_page(
    api: Api,
    start: datetime,
    end: datetime,
    chat_type: str = "single",
    filter_type: int = ALL_CREATORS,
    cursor: str = "",
) -> Page[MassInfo]:
    """The messages of at most one month. chat_type: single or group; filter_type: 0 corp, 1 personal, 2 all."""
    body = {
        "chat_type": chat_type,
        "start_time": seconds(start),
        "end_time": seconds(end),
        "filter_type": filter_type,
        "limit": 100,
        "cursor": cursor,
    }
    answer = api.read("externalcontact/get_groupmsg_list_v2", body)
    found = (
        MassInfo(
            text(row, "msgid"),
            userid(row, "creator"),
            moment(row, "create_time"),
            number(row, "create_type") == 1,
            text(block(row, "text"), "content"),
            tuple(rows(row, "attachments")),
        )
        for row in rows(answer, "group_msg_list")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def tasks_page(api: Api, msgid: str, cursor: str = "") -> Page[MassTask]:
    """Which members have confirmed. Raises WeComError 41063 just after creation: ask later; 41093 after a cancel."""
    answer = api.read("externalcontact/get_groupmsg_task", {"msgid": msgid, "limit": 1000, "cursor": cursor})
    found = (
        MassTask(userid(row), number(row, "status") == 2, moment(row, "send_time")) for row in rows(answer, "task_list")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def results_page(api: Api, msgid: str, member_id: str, cursor: str = "") -> Page[MassResult]:
    """What became of each recipient of one member. For groups only sent ones come."""
    body = {"msgid": msgid, "userid": member_id, "limit": 1000, "cursor": cursor}
    answer = api.read("externalcontact/get_groupmsg_send_result", body)
    found = (
        MassResult(
            text(row, "external_userid") or text(row, "chat_id"),
            userid(row),
            number(row, "status"),
            moment(row, "send_time"),
        )
        for row in rows(answer, "send_list")
    )
    return Page(tuple(found), text(answer, "next_cursor"))


def remind(api: Api, msgid: str) -> None:
    """Ask the members who have not confirmed. Raises WeComError 41094 when it is too often."""
    api.call("externalcontact/remind_groupmsg_send", body={"msgid": msgid})


def cancel(api: Api, msgid: str) -> None:
    """Stop what is not confirmed yet; what was sent stays."""
    api.call("externalcontact/cancel_groupmsg_send", body={"msgid": msgid})


def _body(spec: MassSpec) -> dict[str, Any]:
    return message(spec.text, spec.attachments) | given(
        chat_type="group" if spec.is_group else "single",
        sender=spec.sender or None,
        external_userid=list(spec.external_userids) or None,
        chat_id_list=list(spec.chat_ids) or None,
        tag_filter={"group_list": [{"tag_list": list(ids)} for ids in spec.tag_filter]} if spec.tag_filter else None,
        allow_select=None if spec.is_group else spec.allow_select,
    )
