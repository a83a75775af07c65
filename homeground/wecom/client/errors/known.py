"""What is known of an error code, and what is to be done about it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Remedy(TextChoices):
    """What to do. RETRY, WAIT, REFRESH and RESTART are done by the program; the rest by people."""

    RETRY = "retry", _("系统会自动重试，不用处理。")
    LATER = "later", _("请过几分钟再试。")
    WAIT = "wait", _("系统会等到限制解除后继续，不用处理。")
    REFRESH = "refresh", _("系统会自动更换令牌，不用处理。")
    RESTART = "restart", _("系统会从头重新读取，不用处理。")
    SKIP = "skip", _("已跳过这个对象，其余照常处理。")
    INPUT = "input", _("请修改内容后再提交。")
    CONFIGURE = "configure", _("请管理员检查企业微信后台的应用权限与配置。")
    STAFF = "staff", _("请这位员工登录企业微信客户端完成实名或授权后再试。")
    SIGN_IN = "sign_in", _("请重新打开页面登录。")
    FINAL = "final", _("不用再试。")
    STOP = "stop", _("请先在企业微信后台处理，再继续操作。")
    REPORT = "report", _("这是程序的问题，请把错误码告诉技术人员。")


@dataclass(frozen=True)
class Known:
    """One code. advice: what to do about this one, where the remedy's own words are not enough."""

    code: int
    sentence: str | Promise
    mend: Remedy
    advice: str | Promise = ""

    @property
    def remedy(self) -> str:
        """What to do, in the reader's language."""
        return str(self.advice or self.mend.label)
