"""Welcome codes: 20 seconds from the moment they are made, once, and not after a chat began."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from homeground.sandbox.models import ChatMessage, Friendship, WelcomeCode
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused

SECONDS = 20


def issue(friendship: Friendship, at: datetime | None = None) -> str:
    """A fresh code for a new friend; the caller puts it into the callback in the same transaction."""
    code = secrets.token_urlsafe(48)
    WelcomeCode.objects.create(code=code, friendship=friendship, created_at=at or clock.now())
    return code


def use(code: str, at: datetime) -> WelcomeCode:
    """The code, locked and fit to be used now. Raises Refused 41050 and 41051."""
    codes = WelcomeCode.objects.select_related("friendship").select_for_update(of=("self",))
    found = codes.filter(code=code).first()
    if found is None or found.created_at + timedelta(seconds=SECONDS) < at:
        raise Refused(41050, "invalid welcome_code")
    if found.friendship.chat_started_at:
        raise Refused(41051, "already chatting")
    # A half-added and an added friend each get a code; one welcome is all they see.
    if WelcomeCode.objects.filter(friendship_id=found.friendship_id, used_at__isnull=False).exists():
        raise Refused(41050 if found.used_at else 41051, "welcome already delivered")
    return found


def deliver(code: WelcomeCode, content: dict[str, Any], at: datetime) -> None:
    """Put a welcome on the customer's phone, and use the code up."""
    WelcomeCode.objects.filter(pk=code.pk).update(used_at=at, content=content)
    tie = code.friendship
    ChatMessage.objects.bulk_create(
        ChatMessage(
            msgid=new("wel"), friendship=tie, member_id=tie.member_id, contact_id=tie.contact_id,
            is_from_customer=False, is_broadcast=True, sent_at=at, archived_at=at, **part,
        )
        for part in parts(content)
    )  # fmt: skip


def parts(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What arrives one after the other: the text, then each attachment, as columns of a chat message."""
    words = (content.get("text") or {}).get("content", "")
    first = [{"msgtype": "text", "text": words, "attachments": []}] if words else []
    return first + [
        {"msgtype": part["msgtype"], "text": "", "attachments": [part]} for part in content.get("attachments", [])
    ]
