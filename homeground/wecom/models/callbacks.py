"""回调: what the platform told us, kept as it came."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Callback(models.Model):
    """回调: one event or message, once however often it is repeated."""

    app = models.CharField(_("应用"), max_length=10)
    key = models.CharField(_("摘要"), max_length=64, unique=True, help_text="SHA-256 of the decrypted XML.")
    event = models.CharField(_("事件"), max_length=60, help_text='"change_external_contact.add_external_contact".')
    body = models.TextField(_("内容"), help_text="The decrypted XML.")
    received_at = models.DateTimeField(_("收到时间"), db_default=Now())
    repeats = models.PositiveIntegerField(_("重复次数"), default=0)
    handled_at = models.DateTimeField(_("处理时间"), null=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    is_known = models.BooleanField(
        _("已知事件"), default=True, help_text="An unknown one is kept and shown, nothing else."
    )
    error = models.TextField(_("错误"), blank=True, help_text="Why the last try failed.")
    welcomed_at = models.DateTimeField(_("欢迎语发出"), null=True)
    welcome_error = models.CharField(_("欢迎语错误"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回调")
        permissions = [("replay_callback", _("重放回调"))]
        indexes = [
            models.Index(fields=["id"], name="callback_waiting", condition=Q(handled_at__isnull=True)),
            models.Index(fields=["-received_at", "-id"], name="callback_newest_first"),
        ]
