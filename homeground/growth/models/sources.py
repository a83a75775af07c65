"""来源: where people come from, and what that cost."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.Model):
    """来源 (M19, M21)"""

    class Kind(models.TextChoices):
        AD = "ad", _("广告投放")
        CONTENT = "content", _("内容自媒体")
        COMMUNITY = "community", _("社区")
        OFFLINE = "offline", _("线下")
        REFERRAL = "referral", _("口碑转介绍")
        PARTNER = "partner", _("渠道合作")

    class Route(models.TextChoices):
        FRIEND = "friend", _("加好友")
        GROUP = "group", _("进群")
        SITE = "site", _("官网或商城")
        APP = "app", "App"

    class Sale(models.TextChoices):
        ONLINE = "online", _("线上成交")
        PHONE = "phone", _("电话成交")
        STORE = "store", _("到店成交")

    name = models.CharField(_("来源名称"), max_length=60, unique=True)
    kind = models.CharField(_("类型"), max_length=9, choices=Kind.choices)
    route = models.CharField(pgettext_lazy("source", "去向"), max_length=6, choices=Route.choices, default=Route.FRIEND)
    sale = models.CharField(_("成交方式"), max_length=6, choices=Sale.choices, default=Sale.ONLINE)
    note = models.TextField(_("备注"), blank=True, max_length=500)
    followers = models.PositiveIntegerField(
        _("账号粉丝数"), null=True, blank=True, help_text=_("自媒体账号现有多少粉丝，由运营填写。")
    )
    expected_entry_bp = models.PositiveSmallIntegerField(
        _("预期进入私域的比例"), null=True, blank=True, help_text="Share of the followers who come in, in basis points."
    )
    is_retired = models.BooleanField(_("已停用"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("来源")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_entry_bp=None) | Q(expected_entry_bp__range=(1, 10_000)),
                name="source_expects_a_share",
            )
        ]


class SourceCost(models.Model):
    """来源费用: what was spent on a source in a stretch of days, both ends included."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="costs", verbose_name=_("来源"))
    from_on = models.DateField(_("开始日"))
    until_on = models.DateField(_("结束日"))
    amount_minor = models.BigIntegerField(_("金额"), help_text="Minor unit of the brand's currency.")
    note = models.CharField(_("说明"), max_length=100, blank=True)
    by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = verbose_name_plural = _("来源费用")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "from_on", "until_on", "note"],
                name="source_cost_once",
                violation_error_message=_("这个来源在同一时段已有同名费用。"),
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="source_cost_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="source_cost_not_negative"),
        ]
