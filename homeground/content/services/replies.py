"""Keeping prepared answers, filling them for one customer, and noting that they were used."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from homeground.content.errors import BadReply, NameTaken
from homeground.content.models import FavouriteReply, QuickReply, ReplyUse, Wording
from homeground.content.places import places_of
from homeground.content.services.rendering import render
from homeground.core import time
from homeground.people.queries import survivor_of

MOST_CHARACTERS = 2000
_MOST_KEYWORDS = 20


def save_reply(reply: QuickReply) -> QuickReply:
    """Write an answer, new or changed. Raises BadPlaceholder, BadReply or NameTaken, with nothing written."""
    check_reply(reply)
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        raise NameTaken(_("已有标题为“%s”的话术，请换一个标题。") % reply.title) from None
    return reply


def check_reply(reply: QuickReply) -> None:
    """Raises BadPlaceholder or BadReply when it cannot be kept."""
    reply.keywords = list(dict.fromkeys(word.strip() for word in reply.keywords if word.strip()))
    if not reply.title.strip() or not reply.text.strip() or not reply.group.strip():
        raise BadReply(_("标题、话术和分组都要填写。"))
    if "\x00" in reply.title + reply.text + reply.group + "".join(reply.keywords):
        raise BadReply(_("文字里有看不见的空字符，请删去。"))
    if len(reply.title) > 60 or len(reply.group) > 30 or len(reply.text) > MOST_CHARACTERS:
        raise BadReply(_("标题最多 60 字，分组最多 30 字，话术最多 2000 字。"))
    if len(reply.keywords) > _MOST_KEYWORDS or any(len(word) > 20 for word in reply.keywords):
        raise BadReply(_("问法最多 20 个，每个最多 20 字。"))
    if reply.url and not reply.url.startswith(("https://", "http://")):
        raise BadReply(_("链接地址要以 https:// 开头。"))
    places_of(reply.text)


def delete_reply(reply_id: int) -> None:
    """Remove an answer with its count of uses."""
    QuickReply.objects.filter(pk=reply_id).delete()


def fill_reply(reply: QuickReply, customer_id: int) -> str:
    """The answer as this customer would read it, unmasked: for the member of staff who sends it."""
    customer_id = survivor_of(customer_id)
    text = render(Wording("quick_reply", "", reply.text), [customer_id])[customer_id].body
    return f"{text}\n{reply.url}" if reply.url else text


@transaction.atomic
def note_use(
    reply_id: int, *, staff_id: int | None = None, customer_id: int | None = None, at: datetime | None = None
) -> None:
    """Somebody took the answer. Counts every time."""
    if QuickReply.objects.filter(pk=reply_id).update(uses=F("uses") + 1):
        ReplyUse.objects.create(reply_id=reply_id, staff_id=staff_id, customer_id=customer_id, used_at=at or time.now())


def set_favourite(reply_id: int, user: Any, *, is_favourite: bool) -> None:
    """Mark an answer for this user, or take the mark off. A repeat changes nothing."""
    if is_favourite:
        FavouriteReply.objects.get_or_create(reply_id=reply_id, user=user)
    else:
        FavouriteReply.objects.filter(reply=reply_id, user=user).delete()
