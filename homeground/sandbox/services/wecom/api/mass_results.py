"""企业群发结果: messages of a span, their tasks by member, and what became of each recipient."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from homeground.sandbox.models import MassMessage, MassRecipient
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.api.mass import MSGID, own
from homeground.sandbox.services.wecom.fields import CURSOR, Given, moment, number, page_size, text
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

_LIST = "externalcontact/get_groupmsg_list_v2"
_TASKS = "externalcontact/get_groupmsg_task"
_RESULTS = "externalcontact/get_groupmsg_send_result"
_USERID = text("userid", needed=41009, wrong=40003)


@post(
    _LIST,
    text("chat_type", among=("single", "group"), needed=40058),
    moment("start_time", needed=60267),
    moment("end_time", needed=60267),
    text("creator", wrong=40003),
    number("filter_type", among=(0, 1, 2), default=2),
    page_size(50, 100, over=50),
    CURSOR,
)
def messages(_caller: Caller, given: Given) -> Answer:
    """Mass messages made in a span of at most a month, the oldest first."""
    about = {name: value for name, value in given.items() if name not in ("cursor", "limit")}
    after = cursors.read(_LIST, about, given["cursor"]) or [0]
    rows = list(_of_span(given).filter(pk__gt=after[0]).order_by("pk")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(_LIST, about, [shown[-1].pk]) if len(rows) > len(shown) else ""
    return {"group_msg_list": [_message(row) for row in shown], "next_cursor": cursor}


@post(_TASKS, MSGID, page_size(500, 1000, over=500), CURSOR)
def tasks(caller: Caller, given: Given) -> Answer:
    """Who has confirmed and who has not."""
    message = _dispatched(caller, given)
    after = cursors.read(_TASKS, message.msgid, given["cursor"]) or [0]
    found = message.tasks.filter(pk__gt=after[0], member__is_visible=True).order_by("pk")
    rows = list(found.values_list("pk", "member__userid", "sent_at")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(_TASKS, message.msgid, [shown[-1][0]]) if len(rows) > len(shown) else ""
    return {"task_list": [_task(userid, sent_at) for _pk, userid, sent_at in shown], "next_cursor": cursor}


@post(_RESULTS, MSGID, _USERID, page_size(500, 1000, over=500), CURSOR)
def results(caller: Caller, given: Given) -> Answer:
    """What became of each recipient of one member; groups only when sent."""
    message, about = _dispatched(caller, given), [given["msgid"], given["userid"].lower()]
    member = staff.member(given["userid"], resigned=True)
    after = cursors.read(_RESULTS, about, given["cursor"]) or [0]
    found = MassRecipient.objects.filter(message=message, member=member, pk__gt=after[0]).order_by("pk")
    if message.chat_type == MassMessage.ChatType.GROUP:
        found = found.filter(status=MassRecipient.Status.SENT)
    names = ("pk", "contact__external_userid", "chat__chat_id", "status", "sent_at")
    rows = list(found.values_list(*names)[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(_RESULTS, about, [shown[-1][0]]) if len(rows) > len(shown) else ""
    return {"send_list": [_result(member.userid, *row[1:]) for row in shown], "next_cursor": cursor}


@post("externalcontact/get_group_msg_result", MSGID, page_size(10_000, 10_000), CURSOR)
def results_of_old(caller: Caller, given: Given) -> Answer:
    """The older call: every recipient of all members at once."""
    message = _dispatched(caller, given)
    rows = MassRecipient.objects.filter(message=message).order_by("pk")
    names = ("member__userid", "contact__external_userid", "chat__chat_id", "status", "sent_at")
    return {"check_status": 1, "detail_list": [_result(*row) for row in rows.values_list(*names)[: given["limit"]]]}


def _of_span(given: Given) -> QuerySet[MassMessage]:
    since, until = (datetime.fromtimestamp(given[name], UTC) for name in ("start_time", "end_time"))
    if not since <= until <= since + timedelta(days=31):
        raise Refused(60267, "invalid time range")
    rows = MassMessage.objects.filter(chat_type=given["chat_type"], created_at__range=(since, until))
    if given["filter_type"] != 2:
        rows = rows.filter(create_type=given["filter_type"])
    return rows.filter(creator__iexact=given["creator"]) if given["creator"] else rows


def _dispatched(caller: Caller, given: Given) -> MassMessage:
    message = own(given)
    if message.create_type == 0 and caller.ago(seconds=caller.corp.dispatch_seconds) < message.created_at:
        raise Refused(41063, "mass message is being dispatched")
    return message


def _message(row: MassMessage) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "msgid": row.msgid,
        "create_time": str(int(row.created_at.timestamp())),  # A string in the documented sample.
        "create_type": row.create_type,
        "text": row.content.get("text", {}),
        "attachments": row.content.get("attachments", []),
    }
    return {**shown, "creator": row.creator} if row.creator else shown


def _task(userid: str, sent_at: datetime | None) -> dict[str, Any]:
    if sent_at is None:
        return {"userid": userid, "status": 0}
    return {"userid": userid, "status": 2, "send_time": int(sent_at.timestamp())}


def _result(userid: str, outside: str | None, chat_id: str | None, status: int, sent_at: Any) -> dict[str, Any]:
    who = {"chat_id": chat_id} if chat_id else {"external_userid": outside}
    when = {"send_time": int(sent_at.timestamp())} if sent_at else {}
    return {**who, "userid": userid, "status": status, **when}
