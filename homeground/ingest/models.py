"""接入: who may send, what was sent and could not be taken, and which files came in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token allows."""

    INGEST = "ingest", _("上报事件")
    READ = "read", _("读取数据")
    MANAGE = "manage", _("修改数据")


class Token(models.Model):
    """接口令牌: lets a program in. Only its SHA-256 is kept, so it is shown once, when it is made."""

    name = models.CharField("名称", max_length=60, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices), verbose_name="权限范围")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hexadecimal.")
    created_at = models.DateTimeField("创建时间", db_default=Now())
    last_used_on = models.DateField("最近使用", null=True, blank=True, help_text="UTC day.")
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        constraints = [models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_allows_something")]


class Rejected(models.Model):
    """未接收的事件: an event of a batch that could not be taken, with the reason. The newest 10,000 are kept."""

    protocol = models.CharField("协议", max_length=20)
    token = models.ForeignKey(Token, models.SET_NULL, null=True, related_name="+", verbose_name="令牌")
    code = models.CharField("原因代码", max_length=30)
    field = models.CharField("字段", max_length=100, blank=True)
    reason = models.CharField("原因", max_length=300)
    body = models.TextField("原始内容", help_text="As sent, at most 16,000 characters of it.")
    received_at = models.DateTimeField("接收时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "未接收的事件"


class FileImport(models.Model):
    """文件导入: one file that somebody brought, how it was read, and what came of it."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("客户")
        ORDERS = "orders", _("订单")
        EVENTS = "events", _("事件")

    class State(models.TextChoices):
        DRAFT = "draft", _("待确认")
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    file_name = models.CharField("文件名", max_length=255)
    path = models.CharField(max_length=500, help_text="Where the upload lies, inside the data folder.")
    options = models.JSONField("读取方式", default=dict, help_text="preset, columns, currency, time_zone.")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    rows_read = models.BigIntegerField("已读行数", default=0)
    share_read = models.FloatField("已读比例", default=0, help_text="0 to 1.")
    seen_at = models.DateTimeField("最近进展", null=True, blank=True, help_text="While it runs: a sign of life.")
    result = models.JSONField("结果", null=True, blank=True)
    trial = models.JSONField("试算结果", null=True, blank=True, help_text="What a dry run found.")
    failure = models.CharField("失败原因", max_length=500, blank=True)
    made_by = models.CharField("操作人", max_length=150, blank=True)
    made_at = models.DateTimeField("时间", db_default=Now())
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件导入"
        indexes = [models.Index(fields=["-made_at", "-id"], name="file_import_newest_first")]


class CustomerExport(models.Model):
    """客户导出: who took the customers out, when, and how many."""

    file_name = models.CharField("文件名", max_length=255)
    customers = models.BigIntegerField("客户数")
    exported_by = models.CharField("导出人", max_length=150)
    exported_at = models.DateTimeField("导出时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "客户导出"
