"""朋友圈结果: Moments of a span, who published, who was chosen, who can see, who reacted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from homeground.sandbox.models import Friendship, Member, Moment, MomentTask, MomentViewer
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.api.moments import MOMENT_ID, own
from homeground.sandbox.services.wecom.fields import CURSOR, Given, moment, number, page_size, text
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

_LIST = "externalcontact/get_moment_list"
_TASKS = "externalcontact/get_moment_task"
_CHOSEN = "externalcontact/get_moment_customer_list"
_VIEWERS = "externalcontact/get_moment_send_result"
_USERID = text("userid", needed=41009, wrong=40003)


@post(
    _LIST,
    moment("start_time", needed=60267),
    moment("end_time", needed=60267),
    text("creator", wrong=40003),
    number("filter_type", among=(0, 1, 2), default=2),
    CURSOR,
    page_size(20, 20),
)
def moments(caller: Caller, given: Given) -> Answer:
    """Moments made in a span of at most 30 days, bounds left out, the oldest first; no deleted ones."""
    about = {name: value for name, value in given.items() if name not in ("cursor", "limit")}
    after = cursors.read(_LIST, about, given["cursor"]) or [0]
    rows = list(_of_span(caller, given).filter(pk__gt=after[0]).order_by("pk")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(_LIST, about, [shown[-1].pk]) if len(rows) > len(shown) else ""
    return {"moment_list": [_moment(row) for row in shown], "next_cursor": cursor}


@post(_TASKS, MOMENT_ID, CURSOR, page_size(500, 1000))
def tasks(_caller: Caller, given: Given) -> Answer:
    """Who has published; Moments of the corp only."""
    row = own(given)
    after = cursors.read(_TASKS, row.moment_id, given["cursor"]) or [0]
    found = row.tasks.filter(pk__gt=after[0], member__is_visible=True).order_by("pk")
    rows = list(found.values_list("pk", "member__userid", "published_at")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(_TASKS, row.moment_id, [shown[-1][0]]) if len(rows) > len(shown) else ""
    done = [{"userid": userid, "publish_status": 1 if published else 0} for _pk, userid, published in shown]
    return {"task_list": done, "next_cursor": cursor}


@post(_CHOSEN, MOMENT_ID, _USERID, CURSOR, page_size(500, 1000))
def chosen(_caller: Caller, given: Given) -> Answer:
    """Customers of one member whom the Moment is meant for."""
    task = _task(given)
    ties = Friendship.objects.filter(member=task.member, ended_at=None)
    if task.moment.tag_ids is not None:
        ties = ties.filter(tag_ids__overlap=task.moment.tag_ids)
    rows, cursor = _page(_CHOSEN, ties, given)
    return {"customer_list": [{"userid": task.member.userid, "external_userid": one} for one in rows], **cursor}


@post(_VIEWERS, MOMENT_ID, _USERID, CURSOR, page_size(3000, 5000))
def viewers(_caller: Caller, given: Given) -> Answer:
    """Customers of one member who can see it."""
    task = _published(given)
    seen = MomentViewer.objects.filter(moment=task.moment, member=task.member)
    rows, cursor = _page(_VIEWERS, seen, given)
    return {"customer_list": [{"external_userid": one} for one in rows], **cursor}


@post("externalcontact/get_moment_comments", MOMENT_ID, _USERID)
def comments(_caller: Caller, given: Given) -> Answer:
    """Likes and comments under what one member published; not what they say."""
    task = _published(given)
    rows = task.moment.reactions.filter(member=task.member).select_related("contact", "member").order_by("pk")
    shown: dict[str, list[dict[str, Any]]] = {"comment": [], "like": []}
    for row in rows:
        who = {"external_userid": row.contact.external_userid} if row.contact else {"userid": row.member.userid}
        shown[row.kind].append({**who, "create_time": int(row.created_at.timestamp())})
    return {"comment_list": shown["comment"], "like_list": shown["like"]}


def _of_span(caller: Caller, given: Given) -> QuerySet[Moment]:
    since, until = (datetime.fromtimestamp(given[name], UTC) for name in ("start_time", "end_time"))
    if not since <= until <= since + timedelta(days=30):
        raise Refused(60267, "invalid time range")
    # A job's Moment is there when the job is done; a personal one at once.
    ready = caller.ago(seconds=caller.corp.dispatch_seconds)
    rows = Moment.objects.filter(created_at__gt=since, created_at__lt=until).exclude(
        create_type=0, created_at__gt=ready
    )
    rows = rows.exclude(invalid__has_key="errcode").exclude(create_type=1, tasks__deleted_at__isnull=False)
    if given["filter_type"] != 2:
        rows = rows.filter(create_type=given["filter_type"])
    return rows.filter(creator__iexact=given["creator"]) if given["creator"] else rows


def _task(given: Given) -> MomentTask:
    member: Member = staff.member(given["userid"], resigned=True)
    row = Moment.objects.filter(moment_id=given["moment_id"]).first()
    if row is None:
        raise Refused(41060, "invalid moment_id")
    task = MomentTask.objects.select_related("moment", "member").filter(moment=row, member=member).first()
    if task is None:
        raise Refused(41061, "the moment is not that member's")
    return task


def _published(given: Given) -> MomentTask:
    task = _task(given)
    if task.published_at is None:
        raise Refused(41062, "the member has not published")
    return task


def _page(api: str, rows: QuerySet[Any], given: Given) -> tuple[list[str], dict[str, str]]:
    """External ids of one page, and its next cursor."""
    about = [given["moment_id"], given["userid"].lower()]
    after = cursors.read(api, about, given["cursor"]) or [0]
    found = rows.filter(pk__gt=after[0]).order_by("pk").values_list("pk", "contact__external_userid")
    page = list(found[: given["limit"] + 1])
    shown = page[: given["limit"]]
    cursor = cursors.make(api, about, [shown[-1][0]]) if len(page) > len(shown) else ""
    return [outside for _pk, outside in shown], {"next_cursor": cursor}


def _moment(row: Moment) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "moment_id": row.moment_id,
        "create_time": int(row.created_at.timestamp()),
        "create_type": row.create_type,
        "visible_type": 1 if row.is_public else 0,
        "text": row.content.get("text", {}),
        **_media(row),
    }
    return {**shown, "creator": row.creator} if row.creator else shown


def _media(row: Moment) -> dict[str, Any]:
    parts = row.content.get("attachments", [])
    images = [{"media_id": part["image"].get("media_id", "")} for part in parts if part["msgtype"] == "image"]
    if images:
        return {"image": images}
    for part in parts:
        if part["msgtype"] == "video":
            return {"video": {"media_id": part["video"].get("media_id", ""), "thumb_media_id": ""}}
        return {"link": {name: part["link"].get(name, "") for name in ("title", "url")}}
    return {}
