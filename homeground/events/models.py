"""The outbox of the stream. Its table is partitioned by day, so SQL makes it (migrations/0001)."""

from django.db import models


class StreamEvent(models.Model):
    """事件: one row an event, written once, dropped with its day's partition when the retention is over."""

    id = models.BigIntegerField(primary_key=True)
    day = models.DateField(
        "归属日", help_text="UTC day of the time the sender stated: a repeat lands in the same partition."
    )
    key = models.UUIDField("去重键")
    name = models.TextField("事件")
    customer_id = models.BigIntegerField("客户", null=True)
    identities = models.JSONField("身份标识", null=True)
    source = models.TextField("来源")
    happened_at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("接收时间")
    properties = models.JSONField("属性")

    class Meta:
        managed = False
        db_table = "stream_event"
        verbose_name = verbose_name_plural = "事件"
