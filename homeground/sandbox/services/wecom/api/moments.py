"""客户朋友圈: placing a task, how its job went, stopping it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from homeground.sandbox.models import Friendship, Media, Member, Moment, MomentTask, Tag
from homeground.sandbox.services.wecom import attachments, staff
from homeground.sandbox.services.wecom.fields import Field, Given, numbers, read, text, texts, thing, things
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, get, post

_JOB_HOURS = 24
_MOST = {"image": 9, "video": 1, "link": 1}
_KINDS: dict[str, tuple[Field, ...]] = {
    "image": (text("media_id", size=128, needed=41006, wrong=40007),),
    "video": (text("media_id", size=128, needed=41006, wrong=40007),),
    "link": (
        text("title", chars=64, size=128),
        text("url", size=2048, needed=40094, wrong=40039),
        text("media_id", size=128, needed=41006, wrong=40007),
    ),
}
_SENDERS = thing("sender_list", texts("user_list", most=100_000), numbers("department_list"))
_AUDIENCE = thing("external_contact_list", texts("tag_list", most=1000))
MOMENT_ID = text("moment_id", needed=41059, wrong=41060)


@post(
    "externalcontact/add_moment_task",
    thing("text"),
    things("attachments"),
    thing("visible_range", _SENDERS, _AUDIENCE),
    per_minute=10,
)
def add(caller: Caller, given: Given) -> Answer:
    """Start a job that gives members a Moment to publish."""
    content = _content(caller, given)
    users, departments, tag_ids = _range(given)
    good_tags = _good_tags(tag_ids)
    members = _members(users, departments, good_tags if tag_ids else None)
    moment = Moment.objects.create(
        moment_id=new("mom"),
        jobid=new("", 32),
        content=content,
        tag_ids=good_tags if tag_ids else None,
        invalid=_invalid(users, departments, tag_ids, members),
        created_at=caller.at,
    )
    MomentTask.objects.bulk_create(MomentTask(moment=moment, member=member) for member in members)
    return {"jobid": moment.jobid}


@get("externalcontact/get_moment_task_result", text("jobid", size=64, needed=40063, wrong=40088))
def result(caller: Caller, given: Given) -> Answer:
    """How the job goes: 1 begun, 2 running, 3 done."""
    moment = Moment.objects.filter(jobid=given["jobid"]).first()
    if moment is None:
        raise Refused(40088, "invalid jobid")
    age = caller.at - moment.created_at
    if age > timedelta(hours=_JOB_HOURS):
        raise Refused(40089, "job result purged")
    needed = caller.corp.dispatch_seconds
    status = 3 if age.total_seconds() >= needed else 2 if age.total_seconds() >= needed / 2 else 1
    shown: Answer = {"status": status, "type": "add_moment_task"}
    return {**shown, "result": _result(moment)} if status == 3 else shown


@post("externalcontact/cancel_moment_task", MOMENT_ID)
def cancel(caller: Caller, given: Given) -> Answer:
    """Stop what is not published."""
    moment = own(given)
    if moment.cancelled_at is None:
        Moment.objects.filter(pk=moment.pk).update(cancelled_at=caller.at)
    return {}


def own(given: Given) -> Moment:
    """A Moment of the corp. Raises Refused 41060."""
    found = Moment.objects.filter(moment_id=given["moment_id"], create_type=0).first()
    if found is None:
        raise Refused(41060, "invalid moment_id")
    return found


def _content(caller: Caller, given: Given) -> dict[str, Any]:
    words = (given["text"] or {}).get("content", "")
    if not isinstance(words, str) or len(words) > 2000 or len(words.encode()) > 4000:
        raise Refused(40058, "invalid text size")
    parts = [_attachment(part) for part in given["attachments"] or []]
    if not words and not parts:
        raise Refused(41089, "text and attachments both empty")
    kinds = {part["msgtype"] for part in parts}
    if len(kinds) > 1:
        raise Refused(41065, "invalid attachments msgtype")
    if len(parts) > _MOST.get("".join(kinds), 9):
        raise Refused(41064, "invalid attachments size")
    _check_media(caller, [part[part["msgtype"]]["media_id"] for part in parts])
    return {"text": {"content": words} if words else {}, "attachments": parts}


def _attachment(part: Given) -> dict[str, Any]:
    kind = part.get("msgtype")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Refused(41065, "invalid attachments msgtype")
    block = part.get(kind)
    if not isinstance(block, dict) or (kind == "video" and not block.get("media_id")):
        raise Refused(40058, "invalid msg")
    return {"msgtype": kind, kind: {name: one for name, one in read(block, _KINDS[kind]).items() if one is not None}}


def _check_media(caller: Caller, media_ids: list[str]) -> None:
    """Files of a Moment come from media/upload_attachment."""
    attachments.check_media(caller, media_ids)
    if Media.objects.filter(media_id__in=media_ids).exclude(attachment_type=1).exists():
        raise Refused(41072, "media was not uploaded for Moments")


def _range(given: Given) -> tuple[list[str], list[int], list[str]]:
    wanted = given["visible_range"] or {}
    senders, audience = wanted.get("sender_list") or {}, wanted.get("external_contact_list") or {}
    return senders.get("user_list") or [], senders.get("department_list") or [], audience.get("tag_list") or []


def _good_tags(tag_ids: Sequence[str]) -> list[str]:
    tags = Tag.objects.filter(tag_id__in=tag_ids, is_deleted=False, group__strategy_id=0)
    return list(tags.values_list("tag_id", flat=True))


def _members(users: list[str], departments: list[int], tag_ids: list[str] | None) -> list[Member]:
    found = staff.in_range(users, departments) if users or departments else staff.serving()
    if tag_ids is not None:
        tagged = Friendship.objects.filter(ended_at=None, tag_ids__overlap=tag_ids)
        found = found.filter(pk__in=tagged.values("member_id"))
    return list(found.order_by("pk"))


def _invalid(users: list[str], departments: list[int], tag_ids: list[str], members: Sequence[Member]) -> dict[str, Any]:
    """What the result reports; with no member left, the code of that too."""
    good = {userid.lower() for userid in staff.serving().values_list("userid", flat=True)} if users else set()
    invalid: dict[str, Any] = {
        "user_list": [userid for userid in users if userid.lower() not in good],
        "department_list": [],
        "tag_list": sorted(set(tag_ids) - set(_good_tags(tag_ids))),
    }
    return invalid if members else {**invalid, "errcode": 81013}


def _result(moment: Moment) -> dict[str, Any]:
    code = moment.invalid.get("errcode", 0)
    return {
        "errcode": code,
        "errmsg": "no valid user, party or tag" if code else "ok",
        "moment_id": "" if code else moment.moment_id,
        "invalid_sender_list": {
            "user_list": moment.invalid.get("user_list", []),
            "department_list": moment.invalid.get("department_list", []),
        },
        "invalid_external_contact_list": {"tag_list": moment.invalid.get("tag_list", [])},
    }
