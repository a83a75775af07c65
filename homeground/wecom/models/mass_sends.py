"""企业群发: tasks that members of staff confirm, and what became of each recipient."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.wecom.models.staff import Staff

FROM_RECORD = "platform:"  # Begins the key of a send that somebody else made.


class MassSend(models.Model):
    """企业群发: one message placed with the platform once, for staff to confirm."""

    class State(models.TextChoices):
        ASKING = "asking", _("正在提交")
        PLACED = "placed", _("待员工确认")
        UNKNOWN = "unknown", _("提交结果不明")
        FAILED = "failed", _("提交失败")
        CANCELLED = "cancelled", _("已取消")
        DONE = "done", _("已结束")

    key = models.CharField(_("键"), max_length=100, unique=True, help_text="Ours: the same key is placed once.")
    campaign_id = models.BigIntegerField(
        _("营销活动"), null=True, help_text="Of room journeys; null: none, or staff's own."
    )
    channel = models.CharField(
        _("渠道"), max_length=30, blank=True, help_text="Slug of channels.Channel, which its touches are told under."
    )
    msgid = models.CharField(_("群发 ID"), max_length=100, null=True, unique=True)  # noqa: DJ001  Null until known: unique.
    is_group = models.BooleanField(_("发到客户群"), default=False)
    is_personal = models.BooleanField(
        _("员工自建"), default=False, help_text="Made by a member in the client, read by polling."
    )
    content = models.JSONField(_("内容"), help_text='{"text": …, "attachments": […]} as the platform takes it.')
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ASKING)
    error = models.CharField(_("错误"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("提交时间"))
    placed_at = models.DateTimeField(_("平台受理"), null=True)
    expires_at = models.DateTimeField(_("截止时间"), help_text="What staff have not confirmed by then is withdrawn.")
    polled_at = models.DateTimeField(_("最近查询"), null=True)
    reminded_at = models.DateTimeField(_("最近提醒"), null=True)
    reminders = models.PositiveSmallIntegerField(_("提醒次数"), default=0, help_text="On the day of the last one.")
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("企业群发")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("asking", "unknown", "failed", "cancelled")) | Q(msgid__isnull=False),
                name="mass_send_placed_has_msgid",
            )
        ]
        indexes = [
            models.Index(fields=["campaign_id"], name="mass_send_of_campaign", condition=Q(campaign_id__isnull=False)),
            models.Index(
                fields=["asked_at"], name="mass_send_open", condition=Q(state__in=("asking", "placed", "unknown"))
            ),
        ]

    @property
    def is_ours(self) -> bool:
        """Placed by us; else read from the platform's record, since it counts for the quota."""
        return not self.key.startswith(FROM_RECORD)


class MassSendTask(models.Model):
    """群发任务: what one member of staff has to confirm."""

    mass_send = models.ForeignKey(MassSend, models.CASCADE, related_name="tasks")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("员工"))
    notified_at = models.DateTimeField(_("已通知"), null=True)
    confirmed_at = models.DateTimeField(_("已确认"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群发任务")
        constraints = [models.UniqueConstraint(fields=["mass_send", "staff"], name="mass_send_task_once")]


class MassSendRecipient(models.Model):
    """群发对象: one customer (or group chat) of one mass send."""

    class Status(models.IntegerChoices):
        """The platform's numbers; -1 is ours."""

        REFUSED = -1, _("平台拒绝此人")
        WAITING = 0, _("员工未确认")
        DELIVERED = 1, _("已送达")
        NOT_FRIEND = 2, _("已不是好友")
        OVER_QUOTA = 3, _("本期已收到其他群发")

    mass_send = models.ForeignKey(MassSend, models.CASCADE, related_name="recipients")
    recipient = models.CharField(_("对象"), max_length=64, help_text="external_userid, or chat_id.")
    touch_id = models.BigIntegerField(_("触达"), null=True, help_text="Of room journeys.")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("员工"))
    status = models.SmallIntegerField(_("结果"), choices=Status.choices, default=Status.WAITING)
    sent_at = models.DateTimeField(_("送达时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群发对象")
        constraints = [models.UniqueConstraint(fields=["mass_send", "recipient"], name="mass_send_recipient_once")]
        indexes = [
            # The platform's quota counts these per person and period.
            models.Index(
                fields=["recipient", "status", "sent_at"], name="mass_send_counts", condition=Q(status__in=(0, 1))
            ),
            models.Index(fields=["touch_id"], name="mass_send_of_touch", condition=Q(touch_id__isnull=False)),
        ]
