"""入组: one customer's walk through a journey, step by step."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.journeys.models.journeys import Journey, Version
from homeground.journeys.models.touches import Arm


class Enrolment(models.Model):
    """入组: where one customer is in a journey. Who is held out has one too, and goes nowhere.

    node: what comes next, at due_at: a wait is left then, anything else is done then. due_at null: only an event helps.
    """

    class State(models.TextChoices):
        WALKING = "walking", _("进行中")
        HELD_OUT = "held_out", _("对照组")
        ENDED = "ended", _("已离开")

    class Ending(models.TextChoices):
        """Why a walk ended: closed."""

        FINISHED = "finished", _("走完全程")
        GOAL = "goal", _("达成目标")
        EXIT = "exit", _("满足退出条件")
        HANDED_OVER = "handed_over", _("转入另一条旅程")
        TAKEN_OUT = "taken_out", _("人工移出")
        NEW_VERSION = "new_version", _("新版本发布时离开")
        JOURNEY_ENDED = "journey_ended", _("旅程已结束")
        SAME_PERSON = "same_person", _("与同一人的另一次入组合并")
        TOO_MANY_STEPS = "too_many_steps", _("步数超过上限")
        FAILED = "failed", _("节点出错")

    journey = models.ForeignKey(Journey, models.PROTECT, related_name="enrolments", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="enrolments", db_index=False)
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    key = models.CharField(_("键"), max_length=100, blank=True, help_text="Tells walks of one customer apart.")
    cause = models.CharField(
        _("事由"), max_length=150, help_text='What let the customer in, once: "event:913", "segment:vip:12:401".'
    )
    arm = models.CharField(_("组别"), max_length=14, choices=Arm.choices)
    variant = models.CharField(_("实验版本"), max_length=60)
    entered_at = models.DateTimeField(_("入组时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WALKING)
    node = models.CharField(_("当前节点"), max_length=40, blank=True)
    arrived_at = models.DateTimeField(_("到达节点时间"), help_text="At the node; a wait for an event counts from it.")
    due_at = models.DateTimeField(_("下一步时间"), null=True)
    woken_at = models.DateTimeField(_("等到事件时间"), null=True, help_text="What this wait was for has happened.")
    steps = models.PositiveIntegerField(_("已走步数"), default=0)
    ended_at = models.DateTimeField(_("离开时间"), null=True)
    ending = models.CharField(_("离开原因"), max_length=14, choices=Ending.choices, blank=True)
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("入组")
        constraints = [
            models.UniqueConstraint(fields=["journey", "cause"], name="enrolment_once_per_cause"),
            models.UniqueConstraint(
                fields=["journey", "customer", "key"], name="enrolment_once_at_a_time", condition=~Q(state="ended")
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(ending="")
                | ~Q(state="ended") & Q(ended_at__isnull=True, ending=""),
                name="enrolment_ends_for_a_known_reason",
            ),
            models.CheckConstraint(condition=Q(arm="treated") | ~Q(state="walking"), name="held_out_do_not_walk"),
        ]
        indexes = [
            models.Index(fields=["journey", "due_at"], name="enrolment_due", condition=Q(state="walking")),
            models.Index(fields=["version", "node"], name="enrolment_at_node", condition=Q(state="walking")),
            models.Index(fields=["journey", "-entered_at", "-id"], name="enrolment_newest_first"),
        ]


class StepTaken(models.Model):
    """步骤记录: one node that a walk went through, and by which way it left."""

    # Walks and versions are never deleted; asking for them again for every step would double its cost.
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="taken", db_index=False, db_constraint=False)
    number = models.PositiveIntegerField(_("序号"), help_text="From 1; with the enrolment the key of its effect.")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    node = models.CharField(_("节点"), max_length=40)
    way = models.CharField(_("出口"), max_length=60, help_text='"next", "otherwise", or a way\'s name.')
    at = models.DateTimeField(_("时间"))
    detail = models.JSONField(_("说明"), null=True, help_text="What explains it: why this way, what was skipped.")

    class Meta:
        verbose_name = verbose_name_plural = _("步骤记录")
        constraints = [models.UniqueConstraint(fields=["enrolment", "number"], name="step_taken_once")]


class EdgeCount(models.Model):
    """走向计数: how many left a node of a version by one way; the canvas shows it without counting steps."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="+", db_index=False)
    node = models.CharField(_("节点"), max_length=40)
    way = models.CharField(_("出口"), max_length=60)
    walked = models.PositiveBigIntegerField(_("人次"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("走向计数")
        constraints = [models.UniqueConstraint(fields=["version", "node", "way"], name="edge_counted_once")]


class WebhookCall(models.Model):
    """网络回调: a call that a walk owes another system. The key goes along: a repeat is known by it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已送达")
        FAILED = "failed", _("失败")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="webhooks", db_index=False)
    step = models.PositiveIntegerField(_("步骤序号"))
    key = models.UUIDField(_("发送键"), unique=True)
    url = models.CharField(_("地址"), max_length=500)
    body = models.JSONField(_("内容"))
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    due_at = models.DateTimeField(_("下次尝试"))
    error = models.CharField(_("错误"), max_length=300, blank=True)
    settled_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("网络回调")
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="webhook_once_per_step")]
        indexes = [models.Index(fields=["due_at"], name="webhook_due", condition=Q(state="queued"))]


class WebhookSettings(models.Model):
    """回调设置: how calls are signed, and which private hosts may be called. One row."""

    secret = models.TextField(_("签名密钥"), help_text="Sealed.")
    allowed_hosts = models.CharField(
        _("允许的内网主机"), max_length=500, blank=True, help_text="Names that may be private, separated by spaces."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("回调设置")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="webhook_settings_is_one_row")]


class Intake(models.Model):
    """批量入组: the members of a segment enter, in parts: at a time of a schedule, or who was there at publication."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="intakes", db_index=False)
    cause = models.CharField(
        _("事由"), max_length=100, help_text='Once in a journey: "schedule:2026-03-10T01:30Z", "existing:vip".'
    )
    segment = models.CharField(_("人群"), max_length=100, help_text="Its slug.")
    after = models.BigIntegerField(_("进度"), default=0, help_text="Members up to this id are through.")
    entered = models.PositiveIntegerField(_("入组人数"), default=0, help_text="Held out ones included.")
    begun_at = models.DateTimeField(_("开始时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批量入组")
        constraints = [models.UniqueConstraint(fields=["journey", "cause"], name="intake_once_per_cause")]
