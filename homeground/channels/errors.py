"""What this room refuses."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class BadSettings(BusinessError):
    """A channel's settings cannot work."""


class TokenRefused(BusinessError):
    """A link was changed on its way, or was never ours."""

    def __str__(self) -> str:
        return _("链接不完整或已失效，请从收到的消息里重新打开。")
