"""沙盒故障与限速: how the platform misbehaves on purpose, and how often it was called."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fault(models.Model):
    """故障: what the next calls of one API meet, so many times."""

    class Kind(models.TextChoices):
        ERRCODE = "errcode", _("返回错误码")
        BROKEN = "broken", _("HTTP 500")
        SILENT_BEFORE = "silent_before", _("超时，未执行")
        SILENT_AFTER = "silent_after", _("超时，已执行")

    api = models.CharField(_("接口"), max_length=100, blank=True, help_text="Path below cgi-bin/; empty: every one.")
    kind = models.CharField(_("故障"), max_length=13, choices=Kind.choices)
    errcode = models.IntegerField(_("错误码"), default=-1)
    seconds = models.PositiveSmallIntegerField(_("沉默秒数"), default=15)
    times_left = models.PositiveIntegerField(_("剩余次数"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒故障")


class ApiLimit(models.Model):
    """限速 of one API where it differs from the corp's own."""

    api = models.CharField(_("接口"), max_length=100, unique=True, help_text="Path below cgi-bin/.")
    per_minute = models.PositiveIntegerField(_("每分钟"))
    per_hour = models.PositiveIntegerField(_("每小时"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒限速")


class CallCount(models.Model):
    """调用计数 of one API in the running minute and hour."""

    api = models.CharField(_("接口"), max_length=100, unique=True)
    minute_at = models.DateTimeField(_("这一分钟起"))
    in_minute = models.PositiveIntegerField(_("这一分钟"), default=0)
    hour_at = models.DateTimeField(_("这一小时起"))
    in_hour = models.PositiveIntegerField(_("这一小时"), default=0)
    blocked_until = models.DateTimeField(_("拦截到"), null=True)
    total = models.PositiveBigIntegerField(_("累计"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒调用计数")
