"""How a call can fail: the platform said no, it was not reached, or nobody knows what became of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError
from homeground.wecom.client.errors import Remedy, known

OVER_RATE = 45009


class Failure(BusinessError):
    """A call that did not succeed. str() is fit to show."""


class WeComError(Failure):
    """The platform answered an errcode other than 0: nothing was done."""

    def __init__(self, code: int, api: str, text: str = "") -> None:
        found = known(code)
        self.code, self.api, self.text = code, api, text[:300]
        self.sentence, self.remedy, self.mend = str(found.sentence), found.remedy, found.mend
        words = {"sentence": self.sentence, "code": code, "remedy": self.remedy}
        super().__init__(_("%(sentence)s（错误码 %(code)d）。%(remedy)s") % words)

    @property
    def may_retry(self) -> bool:
        """The same call may well succeed later, with nothing changed by anybody."""
        return self.mend in (Remedy.RETRY, Remedy.WAIT, Remedy.REFRESH, Remedy.LATER)


class QuotaFull(WeComError):
    """Our own budget of this API is used up for longer than the caller would wait; nothing was sent."""

    def __init__(self, api: str, until: datetime) -> None:
        self.until = until
        super().__init__(OVER_RATE, api, "our own budget is used up")


class Unreachable(Failure):
    """The call surely had no effect: nobody answered, or not the platform."""

    def __init__(self, api: str, why: str) -> None:
        self.api, self.why = api, why
        super().__init__(_("连不上企业微信接口（%s）。请检查网络和接口地址，稍后会自动再试。") % why)


class FateUnknown(Failure):
    """The call went out and no answer came. It may have been done: ask the platform before doing it again."""

    def __init__(self, api: str, why: str) -> None:
        self.api, self.why = api, why
        super().__init__(_("请求已发出但没有收到答复（%s），结果不明；系统会先核对，不会重复提交。") % why)
