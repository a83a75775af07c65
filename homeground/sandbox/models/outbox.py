"""回调: events on their way to the corp's callback address, and what became of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

TRIES = 3  # In all; then the platform drops the event.


class CorpCallback(models.Model):
    """回调: one event, written with the action that caused it; kept to be looked at after it was told or dropped."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        TAKEN = "taken", _("已送达")
        DROPPED = "dropped", _("已丢弃")

    name = models.CharField(_("事件"), max_length=80, help_text="change_external_contact.add_external_contact.")
    xml = models.TextField(_("内容"), help_text="Before it is hidden; every try carries the same.")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("已尝试"), default=0)
    answer = models.CharField(_("结果"), max_length=120, blank=True, help_text="What the last try came to.")
    milliseconds = models.PositiveIntegerField(_("耗时毫秒"), null=True)
    due_at = models.DateTimeField(_("应发时间"))
    told_at = models.DateTimeField(_("送达时间"), null=True)
    created_at = models.DateTimeField(_("发生时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒企微回调")
        indexes = [models.Index(fields=["due_at", "id"], name="corpcallback_due", condition=Q(state="waiting"))]
