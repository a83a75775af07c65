"""受众与触达: who was in a campaign, in which arm, and what became of each touch."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.journeys.models.campaigns import Campaign


class Arm(models.TextChoices):
    """Each participant is in exactly one arm, fixed at the freeze."""

    TREATED = "treated", _("触达组")
    HOLDOUT = "holdout", _("活动对照组")
    GLOBAL_HOLDOUT = "global_holdout", _("全局对照组")


class TouchState(models.TextChoices):
    """What became of a touch. Receipts only move it on: assigned, sent, failed, delivered, opened, clicked.

    assigned: taken by the platform, for a member of staff to confirm. What nobody confirms ends as suppressed.
    """

    QUEUED = "queued", _("待发送")
    DEFERRED = "deferred", _("已顺延")
    SENDING = "sending", _("发送中")
    ASSIGNED = "assigned", _("待员工确认")
    SENT = "sent", _("已发送")
    DELIVERED = "delivered", _("已送达")
    OPENED = "opened", _("已打开")
    CLICKED = "clicked", _("已点击")
    FAILED = "failed", _("发送失败")
    UNKNOWN = "unknown", _("结果不明")
    SUPPRESSED = "suppressed", _("已排除")


class Suppression(models.TextChoices):
    """Why someone did not get it: closed, and in the order in which the guard asks (sql/guard.sql says why)."""

    CANCELLED = "cancelled", _("活动已取消")
    NOT_CONFIRMED = "not_confirmed", _("员工一直没有确认")
    SAME_PERSON = "same_person", _("同一人已在名单中")
    OPTED_OUT = "opted_out", _("已退订")
    NO_CONSENT = "no_consent", _("未授权同意")
    NO_ADDRESS = "no_address", _("没有可用地址")
    NO_NEED = "no_need", _("没有需求")
    ALREADY_BOUGHT = "already_bought", _("期间已购买")
    FREQUENCY_CAP = "frequency_cap", _("超过疲劳度上限")
    PROMOTION_SHARE = "promotion_share", _("营销占比过高")
    PLATFORM_QUOTA = "platform_quota", _("平台群发额度用尽")
    OUTRANKED = "outranked", _("让位于更重要的消息")
    EXPIRED = "expired", _("过了有效期")
    LEFT_JOURNEY = "left_journey", _("已离开旅程")


QUIET_HOURS = "quiet_hours"
# Why a touch may be put off: it is quiet, or the person bears no more for now and the touch is good for some days yet.
DEFERRALS = (
    QUIET_HOURS,
    Suppression.FREQUENCY_CAP,
    Suppression.PROMOTION_SHARE,
    Suppression.PLATFORM_QUOTA,
    Suppression.OUTRANKED,
)


class Participant(models.Model):
    """参与者: one customer of a campaign's frozen audience, in one arm."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participants", db_index=False)
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    arm = models.CharField(_("组别"), max_length=14, choices=Arm.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("参与者")
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="participant_in_one_arm")]
        # The ledger counts the few held out, never the many treated: 350 → 40 ms of a million.
        indexes = [models.Index(fields=["campaign", "arm"], name="participant_held_out", condition=~Q(arm="treated"))]


class Touch(models.Model):
    """触达: one attempt to reach one customer through one channel.

    Every treated participant of a campaign has exactly one; of a journey's message, every walk that came to it.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="touches", db_index=False)
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    enrolment = models.ForeignKey(
        "journeys.Enrolment", models.PROTECT, null=True, related_name="touches", verbose_name=_("入组"), db_index=False
    )
    step = models.PositiveIntegerField(_("步骤序号"), null=True, help_text="Of the enrolment: one touch a step.")
    channel = models.CharField(_("渠道"), max_length=30)
    is_promotion = models.BooleanField(_("营销信息"))
    state = models.CharField(_("状态"), max_length=10, choices=TouchState.choices)
    reason = models.CharField(
        _("原因"), max_length=40, blank=True, help_text="Suppression, quiet_hours, or the channel's own word."
    )
    detail = models.JSONField(_("说明"), null=True, help_text="The figures behind the reason: a cap's, or words.")
    due_at = models.DateTimeField(_("应发时间"), help_text="Not before.")
    first_due_at = models.DateTimeField(
        _("最初应发时间"), null=True, help_text="Before it was put off: what waits longest goes first. Null: due_at."
    )
    expires_at = models.DateTimeField(_("有效期至"), null=True, help_text="After it, it is dropped; null: no end.")
    key = models.UUIDField(
        _("发送键"),
        null=True,
        help_text="Stored before the first call, the same in every try: a repeat is known by it.",
    )
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    sent_at = models.DateTimeField(
        _("发送时间"), null=True, help_text="Handed to the channel; where staff confirm, when they did."
    )
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    opened_at = models.DateTimeField(_("打开时间"), null=True)
    clicked_at = models.DateTimeField(_("点击时间"), null=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True)
    refused_at = models.DateTimeField(_("拒收时间"), null=True, help_text="Blocked or complained: harm (M2).")
    opted_out_at = models.DateTimeField(_("退订时间"), null=True, help_text="Withdrew consent after it: harm (M2).")

    class Meta:
        verbose_name = verbose_name_plural = _("触达")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "customer"], name="touch_once_per_customer", condition=Q(enrolment__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["enrolment", "step"], name="touch_once_per_step", condition=Q(enrolment__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=True, step__isnull=True)
                | Q(enrolment__isnull=False, step__isnull=False, expires_at__isnull=False),
                name="touch_of_a_walk_names_its_step",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="suppressed", reason__in=Suppression.values)
                    | Q(state="deferred", reason__in=DEFERRALS)
                    | ~Q(state__in=("suppressed", "deferred"))
                ),
                name="touch_left_out_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "deferred", "suppressed"))
                | Q(key__isnull=False, sent_at__isnull=False),
                name="touch_has_a_key_before_it_goes_out",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "reason", "customer"], name="touch_ledger"),
            models.Index(
                fields=["campaign", "due_at"], name="touch_due", condition=Q(state__in=("queued", "deferred"))
            ),
        ]
