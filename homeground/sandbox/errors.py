"""What this room refuses."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class NothingToAnswer(BusinessError):
    """A phone that got nothing has nobody to answer."""

    def __str__(self) -> str:
        return _("这部手机还没有收到消息，无法回复。")
