"""Saving and deleting templates."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from homeground.content.errors import BadText, NameTaken
from homeground.content.models import SHARED_KINDS, MaterialUpload, Message, Wording
from homeground.content.places import places_of
from homeground.content.services.attachments import checked
from homeground.content.services.rendering import refuse_personal

_LONGEST_BODY = 20_000  # Characters.
_SHARED_CHARACTERS = {Message.ChannelKind.WECOM_MASS: 4000, Message.ChannelKind.WECOM_MOMENTS: 2000}
_SHARED_BYTES = 4000
_OPT_OUT_BYTES = 200  # Kept free for the line that a promotion ends with.
_USES = {
    Message.ChannelKind.WECOM_MASS: MaterialUpload.Use.MASS,
    Message.ChannelKind.WECOM_MOMENTS: MaterialUpload.Use.MOMENTS,
}

BLANK = "____"  # In a sample text: the brand's own fact belongs here.


def save_message(message: Message) -> Message:
    """Write a template, new or changed, after checking every place in it. Campaigns that froze it keep their text.

    Raises BadPlaceholder, BadText, BadAttachment or NameTaken, with nothing written.
    """
    _check(message)
    message.attachments = _attachments(message)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        raise NameTaken(_("已有名为“%s”的模板，请换一个名称。") % message.name) from None
    return message


def refuse_unfit(message: Message) -> None:
    """Raise what keeps this template from being sent: BadPlaceholder, BadText or BadAttachment."""
    _check(message)
    _attachments(message)
    refuse_blanks(message.wording)


def refuse_blanks(wording: Wording) -> None:
    """Raise BadText where a sample text still waits for the brand's own fact."""
    if BLANK in wording.subject or BLANK in wording.body:
        raise BadText(_("还有没填的 ____，请先换成真实内容。"))


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
    if not message.body.strip() and not message.attachments:
        raise BadText(_("请填写正文。"))
    if len(message.body) > _LONGEST_BODY:
        raise BadText(_("正文最多 20000 个字符。"))
    if message.channel_kind in SHARED_KINDS:
        _check_shared(message)
    _check_subject(message)


def _check_subject(message: Message) -> None:
    if message.channel_kind == Message.ChannelKind.EMAIL and not message.subject.strip():
        raise BadText(_("邮件需要标题。"))
    if "\n" in message.subject or "\r" in message.subject:
        raise BadText(_("标题只能有一行。"))


def _check_shared(message: Message) -> None:
    refuse_personal(message.wording)
    characters = _SHARED_CHARACTERS[Message.ChannelKind(message.channel_kind)]
    most_bytes = _SHARED_BYTES - (_OPT_OUT_BYTES if message.is_promotion else 0)
    if len(message.body) > characters or len(message.body.encode()) > most_bytes:
        raise BadText(_("正文太长：最多 %(characters)d 个字符且 %(bytes)d 字节，现在是 %(now)d 字节。") % {
            "characters": characters, "bytes": most_bytes, "now": len(message.body.encode()),
        })  # fmt: skip


def _attachments(message: Message) -> list[dict[str, object]]:
    use = _USES.get(Message.ChannelKind(message.channel_kind))
    if use:
        return checked(message.attachments, use)
    if message.attachments:
        raise BadText(_("只有企业微信群发和朋友圈可以带附件。"))
    return []
