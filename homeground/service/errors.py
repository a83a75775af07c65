"""The refusals of the room."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class TicketRefused(BusinessError):
    """A ticket cannot be changed so; the sentence says what to do instead."""


class CredentialRefused(BusinessError):
    """A card or credential cannot be kept so."""


class NoSuchStaff(BusinessError):
    """No member of staff has this userid."""

    def __init__(self, userid: str) -> None:
        super().__init__(_("没有账号为“%s”的员工，请先同步企业微信。") % userid)


class NotWaiting(BusinessError):
    """Somebody was quicker: this wait is over."""

    def __str__(self) -> str:
        return _("这条已经处理过了。")


class BadRequestNote(BusinessError):
    """A friend request that cannot be written down so."""


class TaskIsClosed(BusinessError):
    """The task was done, skipped or has expired."""

    def __str__(self) -> str:
        return _("这个任务已经结束；要改，请先撤销。")


class NeedsReason(BusinessError):
    """A task is skipped for a reason, or not at all."""

    def __str__(self) -> str:
        return _("请写明跳过的原因，组长会看到。")


class BadTask(BusinessError):
    """A task that cannot be assigned so."""


class BadRule(BusinessError):
    """A clock, capacity or interval that cannot be."""


class BadNote(BusinessError):
    """A note that cannot be kept so."""


class HandoverRefused(BusinessError):
    """Customers cannot be handed over so; the sentence says what to do instead."""
