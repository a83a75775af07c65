"""回调: what the platform told us, kept as it came."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Callback(models.Model):
    """回调: one event or message, once however often it is repeated."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        HANDLED = "handled", _("已处理")
        FAILED = "failed", _("处理失败")

    class Welcome(models.TextChoices):
        """What became of the welcome that this callback allows, once."""

        NO_CODE = "", _("无")
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发送")
        NOT_WANTED = "not_wanted", _("未设置欢迎语")
        ALREADY = "already", _("已欢迎过")
        LATE = "late", _("已超过 20 秒")
        REFUSED = "refused", _("平台未受理")
        UNKNOWN = "unknown", _("结果不明")

    app = models.CharField(_("应用"), max_length=10)
    key = models.CharField(_("摘要"), max_length=64, help_text="SHA-256 of the decrypted XML.")
    event = models.CharField(_("事件"), max_length=60, help_text='"change_external_contact.add_external_contact".')
    subject = models.CharField(
        _("对象"), max_length=64, blank=True, help_text="external_userid, chat_id …: in order within one."
    )
    userid = models.CharField(_("员工账号"), max_length=64, blank=True)
    body = models.TextField(_("内容"), help_text="The decrypted XML.")
    told_at = models.DateTimeField(_("发生时间"), help_text="CreateTime.")
    received_at = models.DateTimeField(_("收到时间"), db_default=Now())
    repeats = models.PositiveIntegerField(_("重复次数"), default=0)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    handled_at = models.DateTimeField(_("处理时间"), null=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    try_at = models.DateTimeField(_("下次尝试"), db_default=Now(), help_text="Also the end of a worker's claim.")
    is_known = models.BooleanField(
        _("已知事件"), default=True, help_text="An unknown one is kept and shown, nothing else."
    )
    error = models.TextField(_("错误"), blank=True, help_text="Why the last try failed.")
    welcome_code = models.CharField(_("欢迎码"), max_length=300, blank=True)
    welcome = models.CharField(_("欢迎语"), max_length=10, choices=Welcome.choices, default=Welcome.NO_CODE, blank=True)
    welcome_claimed_at = models.DateTimeField(
        _("欢迎语开始发送"), null=True, help_text="Set before it goes out: never twice."
    )
    welcomed_at = models.DateTimeField(_("欢迎语发出"), null=True)
    welcome_error = models.CharField(_("欢迎语错误"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回调")
        permissions = [("replay_callback", _("重放回调"))]
        # No unique=True: it would bring a second index, for prefixes that nobody looks for.
        constraints = [models.UniqueConstraint(fields=["key"], name="callback_once")]
        indexes = [
            models.Index(fields=["id"], name="callback_waiting", condition=Q(state="waiting")),
            models.Index(fields=["subject", "id"], name="callback_waiting_of", condition=Q(state="waiting")),
            models.Index(fields=["id"], name="callback_to_welcome", condition=Q(welcome__in=("waiting", "sending"))),
            models.Index(fields=["subject", "id"], name="callback_of_subject", condition=~Q(subject="")),
            models.Index(fields=["-received_at", "-id"], name="callback_newest_first"),
            models.Index(fields=["-id"], name="callback_failed", condition=Q(state="failed")),
        ]
