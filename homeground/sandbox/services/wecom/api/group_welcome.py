"""入群欢迎语素材: up to 100, each app its own."""

from typing import Any

from homeground.sandbox.models import AppMessage, GroupChat, GroupWelcome
from homeground.sandbox.services.wecom import attachments
from homeground.sandbox.services.wecom.fields import Given, number, text, thing
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST = 100
_ROOT = "externalcontact/group_welcome_template"
_KINDS = ("image", "link", "miniprogram", "file", "video")  # The first that is given counts.
_TEMPLATE = text("template_id", needed=40058)
_CONTENT = (
    thing("text", text("content", size=3000, default="")),
    *(thing(kind) for kind in _KINDS),
    number("agentid"),
    number("notify", among=(0, 1), default=1),
)


@post(f"{_ROOT}/add", *_CONTENT)
def add(caller: Caller, given: Given) -> Answer:
    """Keep a template; group owners are told unless notify is 0."""
    if GroupWelcome.objects.count() >= MOST:
        raise Refused(41055, "too many group welcome templates")
    content, template_id = _content(caller, given), new("msg")
    GroupWelcome.objects.create(template_id=template_id, app=caller.app, content=content, created_at=caller.at)
    if given["notify"]:
        _notify(caller, content)
    return {"template_id": template_id}


@post(f"{_ROOT}/edit", _TEMPLATE, *_CONTENT)
def edit(caller: Caller, given: Given) -> Answer:
    """Replace what a template says."""
    GroupWelcome.objects.filter(pk=_own(caller, given).pk).update(content=_content(caller, given))
    return {}


@post(f"{_ROOT}/get", _TEMPLATE)
def template(caller: Caller, given: Given) -> Answer:
    """What a template says."""
    return dict(_own(caller, given).content)


@post(f"{_ROOT}/del", _TEMPLATE, number("agentid"))
def delete(caller: Caller, given: Given) -> Answer:
    """Delete a template."""
    _own(caller, given).delete()
    return {}


def _own(caller: Caller, given: Given) -> GroupWelcome:
    found = GroupWelcome.objects.filter(template_id=given["template_id"]).first()
    if found is None:
        raise Refused(40058, "invalid template_id")
    if found.app != caller.app:
        raise Refused(41058, "no permission on the template")
    return found


def _content(caller: Caller, given: Given) -> dict[str, Any]:
    words = {"text": given["text"]} if given["text"] and given["text"]["content"] else {}
    content = {**words, **attachments.one_of(caller, given, _KINDS)}
    if not content:
        raise Refused(41089, "text and attachments both empty")
    return content


def _notify(caller: Caller, content: dict[str, Any]) -> None:
    owners = GroupChat.objects.filter(dismissed_at=None).values_list("owner_id", flat=True).distinct()
    notice = {"content": "管理员添加了新的入群欢迎语，可在群设置中选用。", "welcome": content}
    AppMessage.objects.bulk_create(
        AppMessage(msgid=new("msg"), member_id=owner, msgtype="text", content=notice, sent_at=caller.at)
        for owner in owners
    )
