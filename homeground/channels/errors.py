"""What this room refuses."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class BadSettings(BusinessError):
    """A channel's settings cannot work."""


class NotKnown(BusinessError):
    """Somebody who is not a customer followed a link that everybody got."""

    def __str__(self) -> str:
        return _("没有认出您是哪位客户，请在收到消息的微信里打开这个链接。也可以直接回复发消息的员工：退订。")


class TokenRefused(BusinessError):
    """A link was changed on its way, or was never ours."""

    def __str__(self) -> str:
        return _("链接不完整或已失效，请从收到的消息里重新打开。")
