"""Moments 客户朋友圈: tasks that members publish by hand (documents 95094, 93333)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import (
    Page,
    block,
    given,
    moment,
    number,
    rows,
    seconds,
    text,
    texts,
    userid,
    userids,
)
from homeground.wecom.client.welcome import Attachment, message

_DONE = 3


@dataclass(frozen=True)
class MomentSpec:
    """One post: at most 2000 characters and either 9 images or one video or one link, each an uploaded attachment.

    users: who posts (empty: every member in range); tags: corp tags of the customers who may see it (empty: all).
    """

    text: str
    attachments: Sequence[Attachment] = ()
    users: Sequence[str] = ()
    tags: Sequence[str] = ()
    departments: Sequence[int] = ()


@dataclass(frozen=True)
class JobResult:
    """How far the making is: status 1 begun, 2 running, 3 done; the rest is meaningful when done."""

    status: int
    moment_id: str = ""
    errcode: int = 0
    errmsg: str = ""
    invalid_users: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.status == _DONE


@dataclass(frozen=True)
class MomentInfo:
    """One post of the record. is_personal: a member's own; creator is empty for one made through the API."""

    moment_id: str
    creator: str
    created_at: datetime | None
    is_personal: bool
    is_public: bool
    text: str
    images: tuple[str, ...]
    video: str
    link: tuple[str, str]  # title, url


@dataclass(frozen=True)
class MomentTask:
    """One member's part."""

    userid: str
    is_published: bool


@dataclass(frozen=True)
class Reaction:
    """A like or a comment (whose words the platform keeps), by a customer or by a member."""

    external_userid: str
    userid: str
    at: datetime | None


@dataclass(frozen=True)
class Reactions:
    """What came back to one member's post."""

    likes: tuple[Reaction, ...]
    comments: tuple[Reaction, ...]


def create(api: Api, spec: MomentSpec) -> str:
    """Begin to make the tasks; the jobid, good for 24 h. 10 a minute, 100,000 a month."""
    return text(api.call("externalcontact/add_moment_task", body=_body(spec)), "jobid")


def result(api: Api, jobid: str) -> JobResult:
    """How far a job is."""
    answer = api.call("externalcontact/get_moment_task_result", params={"jobid": jobid})
    done = block(answer, "result")
    return JobResult(
        number(answer, "status"),
        text(done, "moment_id"),
        number(done, "errcode"),
        text(done, "errmsg"),
        userids(block(done, "invalid_sender_list").get("user_list") or []),
        texts(block(done, "invalid_external_contact_list"), "tag_list"),
    )


def list_page(
    api: Api, start: datetime, end: datetime, creator: str = "", filter_type: int = 2, cursor: str = ""
) -> Page[MomentInfo]:
    """The posts strictly between two moments at most 30 days apart. filter_type: 0 corp, 1 personal, 2 all."""
    body = {"start_time": seconds(start), "end_time": seconds(end), "filter_type": filter_type, "cursor": cursor}
    answer = api.read("externalcontact/get_moment_list", body | given(creator=creator or None, limit=20))
    return Page(tuple(_info(row) for row in rows(answer, "moment_list")), text(answer, "next_cursor"))


def tasks_page(api: Api, moment_id: str, cursor: str = "") -> Page[MomentTask]:
    """Which members have published a post of the corp."""
    answer = api.read("externalcontact/get_moment_task", {"moment_id": moment_id, "cursor": cursor, "limit": 1000})
    found = (MomentTask(userid(row), number(row, "publish_status") == 1) for row in rows(answer, "task_list"))
    return Page(tuple(found), text(answer, "next_cursor"))


def range_page(api: Api, moment_id: str, member_id: str, cursor: str = "") -> Page[str]:
    """The external_userids chosen to see one member's post."""
    return _customers(api, "get_moment_customer_list", moment_id, member_id, cursor, 1000)


def viewers_page(api: Api, moment_id: str, member_id: str, cursor: str = "") -> Page[str]:
    """The external_userids who can see one member's post. That somebody looked, nobody can tell."""
    return _customers(api, "get_moment_send_result", moment_id, member_id, cursor, 5000)


def reactions(api: Api, moment_id: str, member_id: str) -> Reactions:
    """Likes and comments under one member's post. Raises WeComError 41062 while it is not published."""
    body = {"moment_id": moment_id, "userid": member_id}
    answer = api.read("externalcontact/get_moment_comments", body)
    return Reactions(*(tuple(map(_reaction, rows(answer, name))) for name in ("like_list", "comment_list")))


def cancel(api: Api, moment_id: str) -> None:
    """Stop what is not published yet."""
    api.call("externalcontact/cancel_moment_task", body={"moment_id": moment_id})


def _body(spec: MomentSpec) -> dict[str, Any]:
    senders = given(user_list=list(spec.users) or None, department_list=list(spec.departments) or None)
    visible = given(
        sender_list=senders or None, external_contact_list={"tag_list": list(spec.tags)} if spec.tags else None
    )
    return message(spec.text, spec.attachments) | given(visible_range=visible or None)


def _customers(api: Api, name: str, moment_id: str, member_id: str, cursor: str, limit: int) -> Page[str]:
    body = {"moment_id": moment_id, "userid": member_id, "cursor": cursor, "limit": limit}
    answer = api.read(f"externalcontact/{name}", body)
    return Page(
        tuple(text(row, "external_userid") for row in rows(answer, "customer_list")), text(answer, "next_cursor")
    )


def _info(row: Mapping[str, Any]) -> MomentInfo:
    link = block(row, "link")
    return MomentInfo(
        text(row, "moment_id"),
        userid(row, "creator"),
        moment(row, "create_time"),
        number(row, "create_type") == 1,
        number(row, "visible_type") == 1,
        text(block(row, "text"), "content"),
        tuple(text(image, "media_id") for image in rows(row, "image")),
        text(block(row, "video"), "media_id"),
        (text(link, "title"), text(link, "url")),
    )


def _reaction(row: Mapping[str, Any]) -> Reaction:
    return Reaction(text(row, "external_userid"), userid(row), moment(row, "create_time"))
