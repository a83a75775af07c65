"""The outbox of the stream, the batches that were made of it, and what could not be handled."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from homeground.core import time


class StreamEvent(models.Model):
    """事件: one row an event, written once, dropped with its day's partition when the retention is over.

    SQL makes the table (migrations/0001): partitioned by day, with the inserting transaction in xid, whose order is the
    order of the stream.
    """

    id = models.BigIntegerField(primary_key=True)
    day = models.DateField(
        _("归属日"), help_text="UTC day of the time the sender stated: a repeat lands in the same partition."
    )
    key = models.UUIDField(_("去重键"))
    name = models.TextField(_("事件"))
    customer_id = models.BigIntegerField(_("客户"), null=True)
    identities = models.JSONField(_("身份标识"), null=True)
    source = models.TextField(_("来源"))
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("接收时间"))
    properties = models.JSONField(_("属性"))

    class Meta:
        db_table = "stream_event"
        verbose_name = verbose_name_plural = _("事件")


class StreamBatch(models.Model):
    """批次: a stretch of the stream, after one position up to another. Once made it is the same rows for ever.

    A position is (xid, id): the inserting transaction and the event.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待写入")
        APPENDED = "appended", _("待处理")
        HANDLED = "handled", _("已完成")

    token = models.UUIDField(unique=True, help_text="ClickHouse keeps a block with this token once.")
    from_xid = models.BigIntegerField(help_text="The position before its first event.")
    from_id = models.BigIntegerField()
    to_xid = models.BigIntegerField(help_text="The position of its last event.")
    to_id = models.BigIntegerField()
    count = models.IntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=time.now)
    appended_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        constraints = [
            models.UniqueConstraint(fields=["from_xid", "from_id"], name="stream_batches_do_not_overlap"),
        ]
        indexes = [models.Index(fields=["id"], name="stream_batches_under_way", condition=~models.Q(state="handled"))]


class HandlerProgress(models.Model):
    """处理进度: how many leading events of a batch a handler is through with."""

    batch = models.ForeignKey(StreamBatch, models.CASCADE, related_name="progress")
    handler = models.CharField(max_length=200)
    done = models.IntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("处理进度")
        constraints = [models.UniqueConstraint(fields=["batch", "handler"], name="handler_progress_once_per_batch")]


class SetAside(models.Model):
    """搁置事件: an event that one handler could not bear. It waits for somebody to retry or discard it.

    Says where it failed, never what was in it: no personal data.
    """

    event_id = models.BigIntegerField(_("事件编号"))
    day = models.DateField(_("归属日"))
    name = models.TextField(_("事件"))
    handler = models.CharField(
        _("处理程序"), max_length=200, help_text='"resolve" and "append": it did not get further.'
    )
    reason = models.TextField(_("原因"))
    trace = models.TextField(_("出错位置"), help_text="Files, lines and functions.")
    at = models.DateTimeField(_("时间"), default=time.now)
    discarded_at = models.DateTimeField(
        _("放弃时间"), null=True, help_text="Nobody will retry it; its day may be dropped."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("搁置事件")
        permissions = [("mend_stream", _("重试或放弃搁置事件"))]
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="set_aside_once_per_handler")]

    @property
    def place(self) -> str:
        """Where it failed: the innermost line of ours."""
        return self.trace.rpartition("\n")[2]
