"""员工的一天: tasks, how much a day holds, who covers whom."""

from datetime import time as clock

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.people.models import Relation


class Work(models.TextChoices):
    """Kinds of work, in the order in which a day is filled (M3)."""

    WAIT = "wait", _("待回复")
    REQUEST = "request", _("好友申请")
    TICKET = "ticket", _("工单")
    MASS_SEND = "mass_send", _("群发确认")
    MOMENT = "moment", _("朋友圈发表")
    HAND = "hand", _("交办任务")
    CAMPAIGN = "campaign", _("活动任务")
    BIRTHDAY = "birthday", _("生日祝福")
    FOLLOW_UP = "follow_up", _("定期跟进")
    CARE = "care", _("关怀轮次")


class Task(models.Model):
    """任务: something that one member of staff is to do by a day. Once per key."""

    class Kind(models.TextChoices):
        HAND = Work.HAND.value, Work.HAND.label
        CAMPAIGN = Work.CAMPAIGN.value, Work.CAMPAIGN.label
        BIRTHDAY = Work.BIRTHDAY.value, Work.BIRTHDAY.label
        FOLLOW_UP = Work.FOLLOW_UP.value, Work.FOLLOW_UP.label

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        DONE = "done", _("已完成")
        SKIPPED = "skipped", _("已跳过")
        EXPIRED = "expired", _("已过期")

    key = models.CharField(
        _("键"), max_length=150, unique=True, help_text='What it is for: "follow_up:42:2026-11-22", "journey:9:step:3".'
    )  # fmt: skip
    kind = models.CharField(_("类型"), max_length=9, choices=Kind.choices)
    staff = models.ForeignKey("wecom.Staff", models.PROTECT, related_name="+", verbose_name=_("员工"))
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("客户"))
    title = models.CharField(_("要做什么"), max_length=150)
    instructions = models.TextField(_("说明"), blank=True)
    suggestion = models.TextField(_("建议话术"), blank=True)
    campaign_id = models.BigIntegerField(_("营销活动"), null=True, help_text="Of room journeys.")
    due_on = models.DateField(_("日期"))
    expires_on = models.DateField(_("最晚"), null=True, help_text="After this day it makes no sense; null: it stays.")
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("原因"), max_length=200, blank=True, help_text="Why it was skipped.")
    assigned_by = models.CharField(_("交办人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    closed_by = models.CharField(_("操作人"), max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任务")
        permissions = [("assign_task", _("交办、转移和顺延任务"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="task_closed_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(reason=""), name="task_skipped_for_a_reason"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(kind="follow_up", state="open"), name="task_follow_up_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "kind", "due_on", "id"], name="task_open", condition=Q(state="open")),
            models.Index(fields=["staff", "-closed_at"], name="task_closed", condition=~Q(state="open")),
            models.Index(fields=["customer", "-id"], name="task_of_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["expires_on"], name="task_expiring", condition=Q(state="open")),
        ]


class FollowUpRule(models.Model):
    """跟进间隔 (M35): in how many days a customer is due again. The first that fits counts; OwnInterval goes before."""

    class Basis(models.TextChoices):
        TAG = "tag", _("标签")
        ATTRIBUTE = "attribute", _("属性")
        RELATION = "relation", _("关系阶段")
        EVERYBODY = "everybody", _("所有客户")

    rank = models.PositiveSmallIntegerField(_("次序"), default=100, help_text="Lower is asked first.")
    basis = models.CharField(_("依据"), max_length=9, choices=Basis.choices)
    key = models.CharField(_("属性"), max_length=60, blank=True, help_text='Of an attribute: "tier".')
    value = models.CharField(_("值"), max_length=150, blank=True)
    days = models.PositiveSmallIntegerField(_("间隔天数"), help_text=_("0：不需要定期跟进。"))

    class Meta:
        verbose_name = verbose_name_plural = _("跟进间隔")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["basis", "key", "value"], name="follow_up_rule_once"),
            models.CheckConstraint(condition=Q(days__lte=730), name="follow_up_within_two_years"),
            models.CheckConstraint(
                condition=Q(basis="everybody", value="") | (~Q(basis="everybody") & ~Q(value="")),
                name="follow_up_rule_says_whom",
            ),
        ]

    @property
    def whom(self) -> str:
        """Which customers, in one line."""
        value = str(dict(Relation.choices).get(self.value, self.value)) if self.basis == "relation" else self.value
        return "：".join(part for part in (str(self.get_basis_display()), self.key, value) if part)


class WorkMinutes(models.Model):
    """耗时: how many minutes one piece of each kind of work takes (M3)."""

    USUAL = {
        Work.WAIT: 3.0, Work.REQUEST: 1.0, Work.TICKET: 10.0, Work.MASS_SEND: 2.0, Work.MOMENT: 2.0, Work.HAND: 10.0,
        Work.CAMPAIGN: 5.0, Work.BIRTHDAY: 3.0, Work.FOLLOW_UP: 4.0, Work.CARE: 1.0,
    }  # fmt: skip

    kind = models.CharField(_("工作"), max_length=9, choices=Work.choices, unique=True)
    minutes = models.DecimalField(_("每件分钟"), max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = verbose_name_plural = _("耗时")
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="work_takes_time")]


class Capacity(models.Model):
    """人力 (M3): how many minutes of a working day one member has for customers. No row: the usual."""

    USUAL_MINUTES = 240
    USUAL_WEEKDAYS = [1, 2, 3, 4, 5, 6]

    staff = models.OneToOneField("wecom.Staff", models.CASCADE, related_name="capacity", verbose_name=_("员工"))
    minutes = models.PositiveSmallIntegerField(_("每日分钟"), default=USUAL_MINUTES)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("工作日"), default=list, help_text="ISO: 1 Monday, 7 Sunday."
    )  # fmt: skip
    begins = models.TimeField(_("上班"), default=clock(9))
    ends = models.TimeField(_("下班"), default=clock(18))

    class Meta:
        verbose_name = verbose_name_plural = _("人力")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__lte=960), name="capacity_within_a_day"),
            models.CheckConstraint(condition=~Q(weekdays=[]), name="capacity_has_a_weekday"),
        ]


class Cover(models.Model):
    """后备: one member answers for another on some days, and sees that member's customers on them."""

    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("员工"))
    by = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("后备员工"))
    starts_on = models.DateField(_("从"))
    ends_on = models.DateField(_("到"))
    set_by = models.CharField(_("设置人"), max_length=150)
    created_at = models.DateTimeField(_("设置时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("后备")
        constraints = [
            models.CheckConstraint(condition=~Q(staff=F("by")), name="cover_by_another"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="cover_days_in_order"),
            models.UniqueConstraint(fields=["staff", "by", "starts_on"], name="cover_once"),
        ]
        indexes = [models.Index(fields=["by", "ends_on"], name="cover_of_whom")]
