"""客户继承: one member's customers and groups given to others, each with its own fate."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Handover(models.Model):
    """客户继承: whose customers, by which rules, how far it is. One at a time for a member."""

    class Kind(models.TextChoices):
        SERVING = "serving", _("在职继承")
        LEFT = "left", _("离职继承")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        RUNNING = "running", _("正在提交")
        WAITING = "waiting", _("等待生效")
        DONE = "done", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    OPEN = ("draft", "running", "waiting")

    giver = models.ForeignKey("wecom.Staff", models.PROTECT, related_name="+", verbose_name=_("原员工"))
    kind = models.CharField(_("方式"), max_length=7, choices=Kind.choices)
    message = models.CharField(_("告知客户的话"), max_length=200, blank=True)
    gives_groups = models.BooleanField(_("客户群一起继承"), default=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    error = models.CharField(_("错误"), max_length=300, blank=True, help_text="Why it does not go on at present.")
    made_by = models.CharField(_("发起人"), max_length=150)
    made_at = models.DateTimeField(_("创建时间"), db_default=Now())
    began_at = models.DateTimeField(_("开始时间"), null=True)
    polled_at = models.DateTimeField(_("最近查询"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("客户继承")
        permissions = [("hand_over", _("办理客户继承"))]
        constraints = [
            models.UniqueConstraint(
                fields=["giver"],
                condition=Q(state__in=("draft", "running", "waiting")),
                name="handover_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "cancelled"), ended_at__isnull=False)
                | Q(state__in=("draft", "running", "waiting"), ended_at__isnull=True),
                name="handover_ended_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="handover_newest_first")]


class HandoverRule(models.Model):
    """继承规则: whose customers go to whom. The first rule that fits a customer counts."""

    class Basis(models.TextChoices):
        TAG = "tag", _("有标签")
        ORDERED = "ordered", _("近期下过单")
        REST = "rest", _("其余客户")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(_("次序"))
    basis = models.CharField(_("依据"), max_length=7, choices=Basis.choices)
    tag = models.ForeignKey("people.Tag", models.PROTECT, null=True, related_name="+", verbose_name=_("标签"))
    days = models.PositiveSmallIntegerField(_("天数"), null=True, help_text="An order within so many days.")
    takers = models.ManyToManyField("wecom.Staff", related_name="+", verbose_name=_("接替员工"))

    class Meta:
        verbose_name = verbose_name_plural = _("继承规则")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="handover_rule_in_order"),
            models.CheckConstraint(
                condition=Q(basis="tag", tag__isnull=False, days__isnull=True)
                | Q(basis="ordered", tag__isnull=True, days__gte=1)
                | Q(basis="rest", tag__isnull=True, days__isnull=True),
                name="handover_rule_says_whom",
            ),
        ]


class HandoverItem(models.Model):
    """继承明细: one customer, or one group chat, and what became of it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待提交")
        ASKING = "asking", _("正在提交")
        UNKNOWN = "unknown", _("提交结果不明")
        WAITING = "waiting", _("等待生效")
        DONE = "done", _("已继承")
        REFUSED = "refused", _("客户拒绝")
        FULL = "full", _("接替员工客户已满")
        FAILED = "failed", _("平台拒绝")
        TOO_OFTEN = "too_often", _("90 天内已继承两次")
        CANCELLED = "cancelled", _("已取消")

    UNSETTLED = ("asking", "unknown", "waiting")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    contact = models.ForeignKey(
        "wecom.ExternalContact", models.CASCADE, null=True, related_name="+", verbose_name=_("外部联系人")
    )
    chat = models.ForeignKey("wecom.GroupChat", models.CASCADE, null=True, related_name="+", verbose_name=_("客户群"))
    taker = models.ForeignKey("wecom.Staff", models.PROTECT, related_name="+", verbose_name=_("接替员工"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    code = models.IntegerField(_("错误码"), default=0, help_text="The platform's, where it refused.")
    asked_at = models.DateTimeField(_("提交时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("继承明细")
        constraints = [
            models.UniqueConstraint(fields=["handover", "contact"], name="handover_contact_once"),
            models.UniqueConstraint(fields=["handover", "chat"], name="handover_chat_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, chat__isnull=True) | Q(contact__isnull=True, chat__isnull=False),
                name="handover_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["handover", "taker"], name="handover_to_ask", condition=Q(state="planned")),
            # The platform's own rule counts these: twice in 90 days.
            models.Index(fields=["contact", "-ended_at"], name="handover_done", condition=Q(state="done")),
        ]
