"""应用消息: what an app writes to members; staff phones show it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from homeground.sandbox.models import App, AppMessage, Member
from homeground.sandbox.services.wecom import attachments, staff
from homeground.sandbox.services.wecom.fields import Field, Given, flag, number, read, text, things
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_USERS = 1000
A_MINUTE, AN_HOUR = 30, 1000  # Messages to one member; more are dropped in silence.
_TEXT_BYTES = 2048
_MEDIA = text("media_id", size=128, needed=41006, wrong=40007)
_ARTICLE = (
    text("title", size=128, needed=41016),
    text("description", size=512),
    text("url", size=2048, wrong=40039),
    text("picurl", size=2048, wrong=40039),
    text("appid"),
    text("pagepath", size=1024),
)
KINDS: dict[str, tuple[Field, ...]] = {
    "text": (text("content", needed=44004),),
    "markdown": (text("content", size=2048, needed=44004, wrong=45002),),
    "image": (_MEDIA,),
    "voice": (_MEDIA,),
    "file": (_MEDIA,),
    "video": (_MEDIA, text("title", size=128), text("description", size=512)),
    "textcard": (
        text("title", chars=128, needed=41016),
        text("description", chars=512, needed=41033),
        text("url", size=2048, needed=40094, wrong=40039),
        text("btntxt", chars=4),
    ),
    "news": (things("articles", *_ARTICLE, needed=40063, most=8, too_many=45008),),
    "mpnews": (things("articles", needed=40063, most=8, too_many=45008),),
    "miniprogram_notice": (
        text("appid", needed=40063),
        text("title", chars=12, needed=41016),
        things("content_item", text("key", chars=10), text("value", chars=30), most=10),
        text("page", size=1024),
        text("description", chars=12),
        flag("emphasis_first_item"),
    ),
    "template_card": (text("card_type", needed=40063),),
}


@post(
    "message/send",
    text("touser", default=""),
    text("toparty", default=""),
    text("totag", default=""),
    text("msgtype", needed=40008, wrong=40008, among=list(KINDS)),
    number("agentid", needed=40056, wrong=40056),
    number("safe", among=(0, 1, 2), default=0),
    number("enable_duplicate_check", among=(0, 1), default=0),
    number("duplicate_check_interval", most=14_400, default=1800),
    *(Field(kind, lambda _name, value: value) for kind in KINDS),
)
def send(caller: Caller, given: Given) -> Answer:
    """Write to members; some may be invalid, all must not."""
    if given["agentid"] != caller.corp.agentid:
        raise Refused(40056, "invalid agentid")
    if caller.app != App.AGENT:
        raise Refused(301002, "no privilege: the token belongs to another app")
    content = _content(caller, given)
    members, invalid = _recipients(given)
    msgid = new("msg")
    _deliver(caller, given, msgid, members, content)
    card = {"response_code": new("", 72)} if given["msgtype"] == "template_card" else {}
    return {"invaliduser": "|".join(invalid), "invalidparty": "", "invalidtag": "", "msgid": msgid, **card}


@post("message/recall", text("msgid", needed=41046, wrong=41047))
def recall(caller: Caller, given: Given) -> Answer:
    """Take a message back within 24 hours."""
    rows = AppMessage.objects.filter(msgid=given["msgid"])
    if not rows.exists():
        raise Refused(41047, "invalid msgid")
    if not rows.filter(sent_at__gt=caller.ago(days=1)).update(recalled_at=caller.at):
        raise Refused(42052, "msgid older than 24 hours")
    return {}


def _content(caller: Caller, given: Given) -> dict[str, Any]:
    kind = given["msgtype"]
    block = given[kind]
    if not isinstance(block, dict):
        raise Refused(40063, f"missing parameter {kind}")
    checked = read(block, KINDS[kind])
    if checked.get("media_id"):
        attachments.check_media(caller, [checked["media_id"]])
    if kind == "text":  # A longer one is cut, not refused.
        checked["content"] = checked["content"].encode()[:_TEXT_BYTES].decode(errors="ignore")
    if kind == "template_card":
        return block
    return {name: value for name, value in checked.items() if value is not None}


def _recipients(given: Given) -> tuple[list[Member], list[str]]:
    users, parties, tags = (_split(given[name]) for name in ("touser", "toparty", "totag"))
    if not users and not parties and not tags:
        raise Refused(82001, "touser, toparty and totag all empty")
    for names, most, code in ((users, MOST_USERS, 40032), (parties, 100, 82002), (tags, 100, 82003)):
        if len(names) > most:
            raise Refused(code, "too many recipients")
    if users == ["@all"]:
        return list(staff.visible()), []
    numbers = [int(party) for party in parties if party.isascii() and party.isdigit() and len(party) < 10]
    named = list(staff.named(users).filter(is_visible=True, resigned_at=None))
    known = {member.userid.lower() for member in named}
    of_parties = staff.visible().filter(departments__overlap=staff.with_children(numbers)) if numbers else []
    members = {member.pk: member for member in [*named, *of_parties]}
    if not members:
        raise Refused(81013, "all touser, toparty and totag invalid")
    return list(members.values()), [userid.lower() for userid in users if userid.lower() not in known]


def _deliver(caller: Caller, given: Given, msgid: str, members: Sequence[Member], content: dict[str, Any]) -> None:
    skipped = _full(caller, members)
    if given["enable_duplicate_check"]:
        since = caller.ago(seconds=given["duplicate_check_interval"])
        skipped |= _had(members, given["msgtype"], content, since)
    AppMessage.objects.bulk_create(
        AppMessage(msgid=msgid, member=member, msgtype=given["msgtype"], content=content, sent_at=caller.at)
        for member in members
        if member.pk not in skipped
    )


def _full(caller: Caller, members: Sequence[Member]) -> set[int]:
    """Members who have had as much as one may get."""
    minute = Count("pk", filter=Q(sent_at__gt=caller.ago(minutes=1)))
    rows = AppMessage.objects.filter(member__in=members, sent_at__gt=caller.ago(hours=1))
    counted = rows.values("member_id").annotate(minute=minute, hour=Count("pk"))
    return {row["member_id"] for row in counted if row["minute"] >= A_MINUTE or row["hour"] >= AN_HOUR}


def _had(members: Sequence[Member], kind: str, content: dict[str, Any], since: datetime) -> set[int]:
    same = AppMessage.objects.filter(member__in=members, msgtype=kind, content=content, sent_at__gt=since)
    return set(same.values_list("member_id", flat=True))


def _split(given: str) -> list[str]:
    return [part for part in given.split("|") if part]
