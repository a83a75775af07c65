"""Refusals of the room. Each changes nothing."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class NotConnected(BusinessError):
    """No corp is connected, or this app of it is not."""

    def __init__(self) -> None:
        super().__init__(_("还没有接入企业微信。请负责人在「企业微信」页面填写企业 ID 和 Secret。"))


class CannotConnect(BusinessError):
    """The corp's data does not fit: an address, a key, or the platform refused it. str() says which."""
