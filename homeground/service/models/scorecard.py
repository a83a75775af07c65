"""记分卡 (M103): the goals of the four metrics, the platform's own figures beside ours, and what was counted lately."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.core.kept import KeptCount
from homeground.service.models.dated import Dated


class ScoreGoal(Dated):
    """记分卡目标: the share that one metric should reach (M56–M60)."""

    class Metric(models.TextChoices):
        FRIENDED = "friended", _("入口加好友率")
        ACCEPTED = "accepted", _("申请通过及时率")
        ANSWERED = "answered", _("回复及时率")
        CARED = "cared", _("互动覆盖率")
        CONVERTED = "converted", _("转化率")

    metric = models.CharField(_("指标"), max_length=9, choices=Metric.choices)
    share_bp = models.PositiveSmallIntegerField(_("目标"), help_text="Basis points.")

    class Meta:
        verbose_name = verbose_name_plural = _("记分卡目标")
        permissions = [("view_scorecard", _("查看记分卡")), ("set_goals", _("修改记分卡目标"))]
        constraints = [models.CheckConstraint(condition=Q(share_bp__range=(1, 10_000)), name="goal_is_a_share")]


class PlatformDay(models.Model):
    """平台统计: what the platform counted of one member on one day. Its figures come the day after."""

    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("员工"))
    day = models.DateField(_("日期"))
    applied = models.PositiveIntegerField(_("发起申请"), default=0)
    added = models.PositiveIntegerField(_("新增客户"), default=0)
    chats = models.PositiveIntegerField(_("聊天客户"), default=0)
    messages = models.PositiveIntegerField(_("发出消息"), default=0)
    reply_bp = models.PositiveSmallIntegerField(_("已回复占比"), null=True, help_text="Basis points; null: no chat.")
    reply_minutes = models.PositiveIntegerField(_("平均首次回复分钟"), null=True)
    removed = models.PositiveIntegerField(_("删除或拉黑员工"), default=0)
    read_at = models.DateTimeField(_("读取时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("平台统计")
        constraints = [models.UniqueConstraint(fields=["staff", "day"], name="platform_day_once")]
        indexes = [models.Index(fields=["day"], name="platform_day_by_day")]


class ScoreCount(KeptCount):
    """记分卡统计: what was counted for one question, to be shown again."""

    class Meta:
        verbose_name = verbose_name_plural = _("记分卡统计")
