"""同步与核对: how far the copy has come, and where it differs from the platform."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SyncRun(models.Model):
    """同步: one pass over the corp. A crash leaves it running; the next call goes on with it."""

    is_full = models.BooleanField(_("全量"))
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    counts = models.JSONField(
        _("数量"), default=dict, help_text="staff, contacts, follows, ended, tags, groups, members."
    )
    error = models.CharField(
        _("错误"), max_length=300, blank=True, help_text="Why it stopped; empty while it goes well."
    )
    written_at = models.DateTimeField(_("最近进展"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("同步")
        permissions = [("sync_corp", _("同步企业微信"))]


class SyncPart(models.Model):
    """同步分段: one piece of a run - a member's contacts, the tags, one page of groups - with its place."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="parts")
    subject = models.CharField(_("内容"), max_length=100, help_text='"contacts:zhangsan", "tags", "groups".')
    cursor = models.CharField(_("位置"), max_length=300, blank=True)
    seen = models.PositiveIntegerField(_("已读"), default=0)
    is_done = models.BooleanField(_("完成"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("同步分段")
        constraints = [models.UniqueConstraint(fields=["run", "subject"], name="sync_part_once")]


class DriftReport(models.Model):
    """核对: one comparison of our copy with the platform."""

    made_at = models.DateTimeField(_("核对时间"), db_default=Now())
    compared = models.JSONField(_("核对数量"), default=dict, help_text="What was counted on both sides.")
    differences = models.PositiveIntegerField(_("差异数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("核对报告")


class Difference(models.Model):
    """差异: one thing that is so here and not there, and why that may be."""

    class Why(models.TextChoices):
        NOT_SYNCED = "not_synced", _("还没有同步到这里")
        WAITING = "waiting", _("回调已收到，尚未处理完")
        FAILED = "failed", _("回调已收到，但处理失败")
        NO_CALLBACK = "no_callback", _("没有收到回调：可能丢失，或通过接口、离职继承变动")
        THROUGH_API = "through_api", _("平台上改动过：通过接口的改动不发回调")
        OUT_OF_RANGE = "out_of_range", _("员工不在应用可见范围，或已停用客户联系")
        TOLD_ENDED = "told_ended", _("回调说好友已删除，平台列表仍显示")

    report = models.ForeignKey(DriftReport, models.CASCADE, related_name="lines")
    subject = models.CharField(_("内容"), max_length=30, help_text="follow, tag, group, group_member, staff.")
    key = models.CharField(_("对象"), max_length=150)
    userid = models.CharField(_("员工账号"), max_length=64, blank=True, help_text="Whose contacts to read again.")
    here = models.CharField(_("我们这里"), max_length=200, blank=True)
    there = models.CharField(_("平台上"), max_length=200, blank=True)
    why = models.CharField(_("原因"), max_length=20, choices=Why.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("差异")
