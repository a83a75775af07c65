"""沙盒手机: phones, what they got, and receipts on their way back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 8  # To tell a receipt; the waits double from 5 seconds, so they end after about 20 minutes.


class Gateway(models.Model):
    """网关: how the sandbox misbehaves on purpose. One row."""

    class Fault(models.TextChoices):
        NONE = "", _("不出错")
        BUSY = "busy", _("限流 429")
        BROKEN = "broken", _("出错 500")
        SILENT = "silent", _("收下但不回应")

    fault = models.CharField(_("故障"), max_length=6, choices=Fault.choices, blank=True, default="")
    faults_left = models.PositiveIntegerField(
        _("剩余次数"), default=0, help_text="Requests that the fault still meets."
    )
    silent_seconds = models.PositiveSmallIntegerField(_("沉默秒数"), default=15)
    receipt_delay_seconds = models.PositiveIntegerField(_("回执延迟秒数"), default=0)
    is_repeating = models.BooleanField(_("重复回执"), default=False, help_text="Each receipt is sent twice.")

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒网关")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="gateway_is_one_row")]


class Phone(models.Model):
    """手机: one customer's phone, by the address that messages go to."""

    address = models.CharField(_("地址"), max_length=255, unique=True)
    is_off = models.BooleanField(_("已关机"), default=False, help_text="Messages arrive when it is on again.")
    is_blocking = models.BooleanField(_("已拒收"), default=False, help_text="The customer blocked the sender.")
    newest_at = models.DateTimeField(_("最近消息"))
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒手机")
        permissions = [("play_phone", "扮演客户操作沙盒手机")]
        indexes = [
            models.Index(fields=["-newest_at", "-id"], name="phone_newest_first"),
            models.Index(fields=["address"], name="phone_by_prefix", opclasses=["varchar_pattern_ops"]),
        ]


class Message(models.Model):
    """消息: what a phone got, or what its owner answered."""

    phone = models.ForeignKey(Phone, models.CASCADE, related_name="messages")
    key = models.CharField(_("幂等键"), max_length=100, unique=True, help_text="The sender's own.")
    reference = models.CharField(_("回执引用"), max_length=200, help_text="Given back in receipts.")
    receipts_url = models.CharField(_("回执地址"), max_length=500)
    sender = models.CharField(_("发送方"), max_length=60)
    subject = models.CharField(_("标题"), max_length=300, blank=True)
    body = models.TextField(_("正文"))
    is_from_customer = models.BooleanField(_("客户发出"), default=False)
    sent_at = models.DateTimeField(_("发送时间"))
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    opened_at = models.DateTimeField(_("打开时间"), null=True)
    complained_at = models.DateTimeField(_("投诉时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒消息")
        indexes = [models.Index(fields=["phone", "-sent_at", "-id"], name="message_newest_first")]


class Receipt(models.Model):
    """回执: what the sender has to be told; the row goes when it was."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="receipts")
    event = models.CharField(_("事件"), max_length=10)
    text = models.TextField(_("内容"), blank=True)
    happened_at = models.DateTimeField(_("发生时间"))
    due_at = models.DateTimeField(_("应发时间"))
    attempts = models.PositiveSmallIntegerField(_("已尝试"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒回执")
        indexes = [models.Index(fields=["due_at", "id"], name="receipt_due")]
