"""营销活动: one message to one audience at one time, from the hypothesis to the closing review."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link


class State(models.TextChoices):
    """Where a campaign stands. Forward only, but for paused ⇄ sending."""

    DRAFT = "draft", _("草稿")
    FROZEN = "frozen", _("已锁定受众")
    SENDING = "sending", _("发送中")
    PAUSED = "paused", _("已暂停")
    SENT = "sent", _("已发送")
    CANCELLED = "cancelled", _("已取消")
    CLOSED = "closed", _("已复盘结案")


class Place(models.TextChoices):
    """场 (M10, M11): the kind of place where the offer meets the person."""

    TRADE = "trade", _("交易场")
    CONTENT = "content", _("内容场")
    SOCIAL = "social", _("社交场")


class Outcome(models.TextChoices):
    """What the campaign is meant to change, per person, over the window after the freeze."""

    ORDERED = "ordered", _("下单率")
    ORDERS = "orders", _("人均订单数")
    NET_SPEND = "net_spend", _("人均净消费")


class Urgency(models.IntegerChoices):
    """How soon a message loses its sense; ranks those that compete for one person's remaining pressure."""

    CAN_WAIT = 1, _("不急")
    NORMAL = 2, _("普通")
    URGENT = 3, _("紧急")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def planned(self) -> Self:
        """Those that people plan, without the message steps of journeys."""
        return self.filter(version=None)


class Campaign(models.Model):
    """营销活动. What it says and to whom is fixed from the freeze on.

    A message step of a published journey is one too: version and node are set, it has no segment, and it keeps sending
    as long as the journey does, to whoever comes to that step.
    """

    name = models.CharField(_("活动名称"), max_length=80)
    link = models.CharField(_("环节"), max_length=8, choices=Link.choices)
    version = models.ForeignKey(
        "journeys.Version", models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("旅程版本")
    )
    node = models.CharField(_("旅程节点"), max_length=40, blank=True)
    segment = models.ForeignKey(
        "segments.Segment", models.PROTECT, null=True, related_name="+", verbose_name=_("人：受众")
    )
    need = models.ForeignKey(
        "segments.Segment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("需求人群"),
        help_text=_("只打扰有需求的人：受众中不在此人群的客户不会收到。可留空。"),
    )
    offer = models.CharField(_("货：提供什么"), max_length=200)
    place = models.CharField(_("场：在哪里成交"), max_length=8, choices=Place.choices)
    channel = models.CharField(_("渠道"), max_length=30, help_text="Slug of channels.Channel.")
    weak_channel = models.CharField(
        _("弱关系渠道"),
        max_length=30,
        blank=True,
        help_text=_("无关系与单边关系的客户改走此渠道（同类型），例如公众号；留空则不区分。"),
    )
    groups = models.JSONField(
        _("客户群"),
        null=True,
        blank=True,
        help_text='Which groups it goes to: {"least": of the segment in it, "owners": [staff …], "name": part of it}; '
        "null: it goes to customers one by one.",
    )
    message = models.ForeignKey("content.Message", models.PROTECT, related_name="+", verbose_name=_("消息模板"))
    hypothesis = models.TextField(_("假设"), max_length=500, help_text=_("为什么这些人收到后会改变行为？"))
    primary_outcome = models.CharField(_("主要指标"), max_length=10, choices=Outcome.choices, default=Outcome.ORDERED)
    base_bp = models.PositiveIntegerField(
        _("对照组预计下单率"), null=True, blank=True, help_text="Basis points: what happens without the campaign."
    )
    expected_lift_bp = models.IntegerField(
        _("预期提升"), help_text="Relative to the holdout's mean, basis points: 1000 is a tenth more."
    )
    window_days = models.PositiveSmallIntegerField(_("观察天数"), default=14)
    holdout_bp = models.PositiveSmallIntegerField(_("对照组比例"), default=1000, help_text="Basis points.")
    scheduled_at = models.DateTimeField(_("计划发送时间"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(
        _("紧急程度"),
        choices=Urgency.choices,
        default=Urgency.NORMAL,
        help_text=_("同一位客户的打扰余量不够时，先发紧急的。"),
    )
    value_minor = models.PositiveIntegerField(
        _("单次预期价值"), default=0, help_text="Minor units; of equal urgency the more valuable goes first."
    )

    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    is_promotion = models.BooleanField(_("营销信息"), null=True, help_text="As frozen; null in a draft.")
    subject = models.CharField(_("标题"), max_length=200, blank=True, help_text="As frozen.")
    body = models.TextField(_("正文"), blank=True, help_text="As frozen.")
    attachments = models.JSONField(
        _("附件"), default=list, blank=True, help_text="As frozen, in the content room's form."
    )
    audience_size = models.PositiveIntegerField(
        _("受众人数"), null=True, help_text="Participants, or customers in the groups; fixed."
    )
    touch_cost_minor = models.PositiveIntegerField(
        _("单次触达成本"), default=0, help_text="The channel's price at the freeze, the brand's currency."
    )
    global_bp = models.PositiveSmallIntegerField(_("全局对照组比例"), null=True, help_text="As frozen.")
    segment_as_of = models.DateTimeField(_("人群计算时间"), null=True)

    created_by = models.CharField(_("创建人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())
    frozen_at = models.DateTimeField(_("锁定时间"), null=True)
    started_at = models.DateTimeField(_("开始发送"), null=True)
    finished_at = models.DateTimeField(_("发送结束"), null=True, help_text="Sent or cancelled.")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("营销活动")
        permissions = [("send_campaign", _("锁定、发送、暂停与取消营销活动")), ("close_campaign", _("复盘结案"))]
        indexes = [models.Index(fields=["-created_at", "-id"], name="campaign_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "node"], name="campaign_once_per_step", condition=Q(version__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False) ^ Q(segment__isnull=False), name="campaign_of_a_segment_or_a_journey"
            ),
            models.CheckConstraint(condition=Q(holdout_bp__lte=9000), name="campaign_holdout_leaves_someone"),
            models.CheckConstraint(condition=Q(window_days__range=(1, 365)), name="campaign_window_within_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "cancelled")) | Q(frozen_at__isnull=False, audience_size__isnull=False),
                name="campaign_past_draft_is_frozen",
            ),
        ]


class Closing(models.Model):
    """结案 (M4): why the result is what it is, and what comes next. A campaign cannot be closed without it."""

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="closing", verbose_name=_("营销活动"))
    explanation = models.TextField(_("原因分析"), max_length=5000)
    next_action = models.TextField(_("下一步"), max_length=2000)
    closed_by = models.CharField(_("结案人"), max_length=150)
    closed_at = models.DateTimeField(_("结案时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("结案")
        constraints = [
            models.CheckConstraint(condition=~Q(explanation="") & ~Q(next_action=""), name="closing_says_why_and_next")
        ]
