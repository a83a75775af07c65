"""企业群发: placing, reminding, stopping."""

from typing import Any

from homeground.sandbox.models import (
    AppMessage,
    GroupChat,
    MassMessage,
    MassRecipient,
    MassReminder,
    MassTask,
    Member,
    Tag,
)
from homeground.sandbox.services.wecom import attachments, mass, staff
from homeground.sandbox.services.wecom.fields import Given, flag, text, texts, thing, things
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

REMINDERS = 3  # In 24 hours, for one message.
MSGID = text("msgid", needed=41046, wrong=41047)


@post(
    "externalcontact/add_msg_template",
    text("chat_type", among=("single", "group"), default="single"),
    texts("external_userid", most=10_000, wrong=40096, too_many=40032),
    texts("chat_id_list", most=2000, wrong=86001, too_many=40032),
    thing("tag_filter", things("group_list", texts("tag_list", most=100, wrong=40068, needed=40068))),
    text("sender", wrong=40003),
    flag("allow_select", default=False),
    thing("text"),
    things("attachments"),
)
def add(caller: Caller, given: Given) -> Answer:
    """Place a mass message: nothing is sent until each member confirms."""
    content = attachments.message(caller, given)
    message = MassMessage(
        msgid=new("msg"),
        chat_type=given["chat_type"],
        content=content,
        allow_select=given["allow_select"],
        created_at=caller.at,
    )
    failed = _to_groups(message, given) if message.chat_type == "group" else _to_customers(message, given)
    members = list(MassRecipient.objects.filter(message=message).values_list("member_id", flat=True).distinct())
    if not members:
        raise Refused(41048, "no customer can be sent to")
    MassTask.objects.bulk_create(MassTask(message=message, member_id=pk) for pk in sorted(members))
    return {"fail_list": failed, "msgid": message.msgid}


@post("externalcontact/remind_groupmsg_send", MSGID)
def remind(caller: Caller, given: Given) -> Answer:
    """Ask those who have not confirmed, at most three times in 24 hours."""
    message = own(given)
    if message.reminders.filter(created_at__gt=caller.ago(days=1)).count() >= REMINDERS:
        raise Refused(41094, "reminded too often")
    MassReminder.objects.create(message=message, created_at=caller.at)
    waiting = message.tasks.filter(sent_at=None).values_list("member_id", flat=True)
    words = {"content": "你有一条企业群发消息待确认发送，请在「客户联系」中处理。"}
    AppMessage.objects.bulk_create(
        AppMessage(msgid=new("msg"), member_id=pk, msgtype="text", content=words, sent_at=caller.at) for pk in waiting
    )
    return {}


@post("externalcontact/cancel_groupmsg_send", MSGID)
def cancel(caller: Caller, given: Given) -> Answer:
    """Stop what is not confirmed; what was sent stays."""
    message = own(given)
    MassMessage.objects.filter(pk=message.pk).update(cancelled_at=caller.at)
    return {}


def own(given: Given) -> MassMessage:
    """The message asked for, which runs. Raises Refused 41047 and 41093."""
    found = MassMessage.objects.filter(msgid=given["msgid"]).first()
    if found is None:
        raise Refused(41047, "invalid msgid")
    if found.cancelled_at:
        raise Refused(41093, "mass message was cancelled")
    return found


def _to_customers(message: MassMessage, given: Given) -> list[str]:
    ids, tags = given["external_userid"] or None, None if given["external_userid"] else _tag_lists(given)
    if not (ids or tags or given["sender"]):
        raise Refused(40063, "sender, external_userid and tag_filter all empty")
    members = [staff.contact_member(given["sender"]).pk] if given["sender"] else _all_members()
    message.save()
    mass.assign(message, members, ids, tags)
    reached = MassRecipient.objects.filter(message=message).values_list("contact__external_userid", flat=True)
    there = set(reached) if ids else set()
    return [one for one in ids or [] if one not in there]


def _to_groups(message: MassMessage, given: Given) -> list[str]:
    if not given["sender"]:
        raise Refused(41009, "missing sender")
    owner: Member = staff.contact_member(given["sender"])
    wanted = given["chat_id_list"] or []
    groups = GroupChat.objects.filter(owner=owner, dismissed_at=None)
    rows = dict((groups.filter(chat_id__in=wanted) if wanted else groups).values_list("chat_id", "pk"))
    message.save()
    MassRecipient.objects.bulk_create(MassRecipient(message=message, member=owner, chat_id=pk) for pk in rows.values())
    return [chat_id for chat_id in wanted if chat_id not in rows]


def _all_members() -> list[int]:
    return list(staff.serving().values_list("pk", flat=True))


def _tag_lists(given: Given) -> list[list[str]] | None:
    """Lists of which a customer has one tag each."""
    groups: list[dict[str, Any]] = (given["tag_filter"] or {}).get("group_list") or []
    lists: list[list[str]] = [group["tag_list"] for group in groups]
    ids = {tag_id for one_of in lists for tag_id in one_of}
    if Tag.objects.filter(tag_id__in=ids, is_deleted=False).count() < len(ids):
        raise Refused(40068, "invalid tag id")
    return lists or None
