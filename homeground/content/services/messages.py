"""Saving and deleting templates."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from homeground.content.errors import BadText, NameTaken
from homeground.content.models import Message
from homeground.content.places import places_of

_LONGEST_BODY = 20_000  # Characters.


def save_message(message: Message) -> Message:
    """Write a template, new or changed, after checking every place in it. Campaigns that froze it keep their text.

    Raises BadPlaceholder, BadText or NameTaken, with nothing written.
    """
    _check(message)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        raise NameTaken(_("已有名为“%s”的模板，请换一个名称。") % message.name) from None
    return message


def delete_message(message: Message) -> None:
    """Remove a template that no campaign uses. Raises BadText when one does."""
    try:
        message.delete()
    except ProtectedError:
        raise BadText(_("有营销活动在用这个模板，不能删除。")) from None


def _check(message: Message) -> None:
    for text in (message.subject, message.body):
        places_of(text)
        if "\x00" in text:
            raise BadText(_("正文里有看不见的空字符，请删去后再保存。"))
    if not message.body.strip():
        raise BadText(_("请填写正文。"))
    if len(message.body) > _LONGEST_BODY:
        raise BadText(_("正文最多 20000 个字符。"))
    if message.channel_kind == Message.ChannelKind.EMAIL and not message.subject.strip():
        raise BadText(_("邮件需要标题。"))
    if "\n" in message.subject or "\r" in message.subject:
        raise BadText(_("标题只能有一行。"))
