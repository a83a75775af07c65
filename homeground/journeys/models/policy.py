"""护栏规则: how much a person bears (M14, M30). Dated rows with their source; a change is a new row, never an edit."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.people.models import Relation

EVERY = "*"  # Every channel.


class Dated(models.Model):
    """A row of policy: the newest whose day has come counts."""

    valid_from = models.DateTimeField(_("生效时间"))
    source = models.CharField(_("依据"), max_length=300, help_text=_("写明出处，例如平台规则、法规或团队决定。"))
    set_by = models.CharField(_("设置人"), max_length=150)
    set_at = models.DateTimeField(_("设置时间"), db_default=Now())

    class Meta:
        abstract = True


class GlobalHoldout(Dated):
    """全局对照组: the share of customers whom no promotion reaches. A new salt draws them anew."""

    share_bp = models.PositiveSmallIntegerField(_("比例"), help_text="Basis points; 0 ends it.")
    salt = models.CharField(_("盐"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("全局对照组")
        permissions = [("change_guard", _("修改护栏规则"))]
        constraints = [models.CheckConstraint(condition=Q(share_bp__lte=5000), name="global_holdout_up_to_half")]


class QuietHours(Dated):
    """免打扰时段: customer's local time; may pass midnight. Equal ends: none."""

    channel = models.CharField(_("渠道"), max_length=30, default=EVERY)
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))

    class Meta:
        verbose_name = verbose_name_plural = _("免打扰时段")


class FrequencyCap(Dated):
    """疲劳度: at most so many promotions to a person of this relation in so many days (rolling, by send time)."""

    relation = models.CharField(_("关系阶段"), max_length=10, choices=Relation.choices)
    channel = models.CharField(_("渠道"), max_length=30, default=EVERY, help_text='Slug; "*": all channels together.')
    window_days = models.PositiveSmallIntegerField(_("天数"))
    max_touches = models.PositiveSmallIntegerField(
        _("上限次数"), null=True, blank=True, help_text=_("0：不在此渠道触达；留空：不限。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("疲劳度")
        constraints = [
            models.CheckConstraint(condition=Q(window_days__range=(1, 365)), name="cap_window_within_a_year")
        ]


class PlatformQuota(Dated):
    """平台群发额度: how often the platform lets mass messages through to one person or group, whoever sent them."""

    class Mode(models.TextChoices):
        """Natural periods in the corp's zone."""

        PER_MONTH_DAYS = "per_month_days", _("每个自然月最多当月天数")
        SEVEN_PER_WEEK = "7_per_week", _("每个自然周最多 7 条")
        ONE_PER_DAY = "1_per_day", _("每个自然日最多 1 条")

    channel_kind = models.CharField(_("渠道类型"), max_length=20, help_text="One of channels.kinds.KINDS.")
    mode = models.CharField(_("额度规则"), max_length=14, choices=Mode.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("平台群发额度")


class PromotionShare(Dated):
    """营销占比: of what a person gets in the window, how much may be promotion (M14, M37)."""

    max_share_bp = models.PositiveSmallIntegerField(_("营销占比上限"), help_text="Basis points; 10000: no limit.")
    window_days = models.PositiveSmallIntegerField(_("天数"))
    min_touches = models.PositiveSmallIntegerField(
        _("起算条数"), help_text="Below this the share says nothing; of one message it is 0 or 100 %."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("营销占比")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_share_bp__lte=10_000) & Q(window_days__range=(1, 365)), name="promotion_share_possible"
            ),
            models.CheckConstraint(
                condition=Q(min_touches__gte=2),
                name="promotion_share_counts_from_two",
                violation_error_message=_("起算条数至少 2：只有一条时，营销占比不是 0% 就是 100%。"),
            ),
        ]


class GroupLimit(Dated):
    """客户群营销上限 (M14): how many promotions one group bears, and their share of what we send there."""

    window_days = models.PositiveSmallIntegerField(_("天数"))
    max_promotions = models.PositiveSmallIntegerField(_("每群营销上限"), help_text=_("0：不在群里发营销信息。"))
    max_share_bp = models.PositiveSmallIntegerField(_("营销占比上限"), help_text="Basis points; 10000: no limit.")
    min_sends = models.PositiveSmallIntegerField(
        _("起算条数"), help_text="Below this the share says nothing; of one message it is 0 or 100 %."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("客户群营销上限")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_share_bp__lte=10_000) & Q(window_days__range=(1, 365)), name="group_limit_possible"
            ),
            models.CheckConstraint(
                condition=Q(min_sends__gte=2),
                name="group_limit_share_counts_from_two",
                violation_error_message=_("起算条数至少 2：只有一条时，营销占比不是 0% 就是 100%。"),
            ),
        ]


class Restoration(Dated):
    """打扰度恢复: a reply or a purchase shows that it was welcome; promotions before it weigh no more.

    The newest of them always do: else a talkative customer would get one promotion after every word.
    """

    by_reply = models.BooleanField(_("回复后恢复"))
    by_purchase = models.BooleanField(_("下单后恢复"))
    fresh_hours = models.PositiveSmallIntegerField(
        _("始终计入的小时数"), help_text=_("这么多小时内的营销始终计入疲劳度，回复或下单也不恢复。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("打扰度恢复")
        constraints = [
            models.CheckConstraint(condition=Q(fresh_hours__range=(1, 24 * 365)), name="restoration_leaves_the_fresh")
        ]
