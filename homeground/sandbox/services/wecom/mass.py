"""Mass messages: who gets one by whom, what a member's confirmation does, and how many a customer may get."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.sandbox.models import Corp, MassMessage, MassRecipient, MassTask, Member
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.welcome import parts

SQL = Path(__file__).parent.parent.parent / "sql"


@transaction.atomic
def confirm(task: MassTask, at: datetime | None = None) -> bool:
    """A member sends what waits: by the quota of each recipient. False, and nothing done, if sent or stopped before."""
    moment = at or clock.now()
    locked = MassTask.objects.select_related("message").select_for_update(of=("self",)).get(pk=task.pk)
    if locked.sent_at or locked.message.cancelled_at:
        return False
    # One confirmation at a time: two that run together would each count the other's message as not yet received.
    corp = Corp.objects.select_for_update().get(pk=1)
    since, until, most = window(corp, moment)
    about = {"message": locked.message_id, "member": locked.member_id, "at": moment}
    _run("mass_confirm.sql", {**about, "since": since, "until": until, "most": most})
    _run("mass_arrive.sql", {**about, "parts": json.dumps(parts(locked.message.content))})
    MassTask.objects.filter(pk=task.pk).update(sent_at=moment)
    return True


@transaction.atomic
def send_personally(
    member: Member,
    content: dict[str, Any],
    *,
    contacts: Sequence[int] = (),
    chats: Sequence[int] = (),
    at: datetime | None = None,
) -> MassMessage:
    """A member's own mass message, made and sent in the client. contacts or chats: ids of rows.

    content: {"text": {"content": …}, "attachments": […]} as the API has it.
    """
    moment = at or clock.now()
    kind = MassMessage.ChatType.GROUP if chats else MassMessage.ChatType.SINGLE
    message = MassMessage.objects.create(
        msgid=new("msg"), chat_type=kind, create_type=1, creator=member.userid, content=content, created_at=moment
    )
    places = [{"contact_id": pk} for pk in contacts] if not chats else [{"chat_id": pk} for pk in chats]
    MassRecipient.objects.bulk_create(MassRecipient(message=message, member=member, **place) for place in places)
    confirm(MassTask.objects.create(message=message, member=member), moment)
    return message


def assign(
    message: MassMessage, members: Sequence[int], ids: list[str] | None, tags: list[list[str]] | None = None
) -> None:
    """Give each customer's task to the member who last interacted with them, among these members."""
    any_tags = [tag_id for one_of in tags for tag_id in one_of] if tags else None
    params = {"message": message.pk, "members": list(members), "ids": ids, "any_tags": any_tags}
    _run("mass_assign.sql", {**params, "tags": json.dumps(tags) if tags else None})


def window(corp: Corp, at: datetime) -> tuple[datetime, datetime, int]:
    """The running window of the quota, by the corp's days, and how many messages it lets through to one recipient."""
    zone = corp.time_zone
    today = time.day_of(at, zone)
    first, days, most = today, 1, 1
    if corp.mass_rule == Corp.MassRule.SEVEN_A_WEEK:
        first, days, most = today - timedelta(days=today.weekday()), 7, 7
    elif corp.mass_rule == Corp.MassRule.MONTH_DAYS:
        first = today.replace(day=1)
        days = most = ((first + timedelta(days=32)).replace(day=1) - first).days
    return time.start_of(first, zone), time.start_of(first + timedelta(days=days), zone), most


def _run(name: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute((SQL / name).read_text(), params)
