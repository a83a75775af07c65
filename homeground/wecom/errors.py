"""Refusals of the room. Each changes nothing."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class NotConnected(BusinessError):
    """No corp is connected, or this app of it is not."""

    def __init__(self) -> None:
        super().__init__(_("还没有接入企业微信。请负责人在「企业微信」页面填写企业 ID 和 Secret。"))


class CannotConnect(BusinessError):
    """The corp's data does not fit: an address, a key, or the platform refused it. str() says which."""


class NothingToStop(BusinessError):
    """A send that no member of staff is asked to confirm any more, or not yet."""

    def __init__(self) -> None:
        super().__init__(_("这条任务现在没有在等员工确认：可能都已确认，或者已经取消、结束。"))


class TooManyReminders(BusinessError):
    """The platform reminds three times a day."""

    def __init__(self) -> None:
        super().__init__(_("今天已经提醒过三次，平台每天最多三次。明天再提醒，或直接联系还没确认的员工。"))


class EntryRefused(BusinessError):
    """The way back from the platform's sign-in does not fit: used, old, or of another browser."""


class NotStaff(BusinessError):
    """Whom the platform names is no active member of staff here."""


class StaffTaken(BusinessError):
    """The user is another member already."""

    def __init__(self) -> None:
        super().__init__(_("这个登录账号已关联另一位员工，请先解除。"))


class SyncRunning(BusinessError):
    """One sync at a time."""

    def __init__(self) -> None:
        super().__init__(_("已经有一次同步在进行，请等它完成。"))


class CallbackNotWaiting(BusinessError):
    """There is nothing to replay."""

    def __init__(self) -> None:
        super().__init__(_("没有找到可以重放的回调，请刷新页面。"))


class ReasonMissing(BusinessError):
    """What is recorded for good needs a reason in words."""

    def __init__(self) -> None:
        super().__init__(_("请写明依据，至少 10 个字：它会作为授权凭证永久保存。"))
