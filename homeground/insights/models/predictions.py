"""购买时机: when each customer is expected to buy again, and what the night's computation found."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LIKELY = 0.5  # Below it a customer is more likely gone than not.
# Comparisons with null are null, and a check that is null passes.
_INTERVAL = Q(low_on__isnull=False, next_on__isnull=False, high_on__isnull=False)


class Basis(models.TextChoices):
    """依据: what a date is derived from; insights.value.dates says how."""

    RHYTHM = "rhythm", _("自己的购买节奏")
    MODEL = "model", _("购买模型")
    CYCLE = "cycle", _("同款复购周期")
    ANNIVERSARY = "anniversary", _("去年同期")


class Prediction(models.Model):
    """购买预测: of one person, as of a day. Gone as soon as she buys; the next night brings a new one."""

    customer = models.OneToOneField(
        "people.Customer", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("客户")
    )
    basis = models.CharField(_("依据"), max_length=11, choices=Basis.choices, blank=True, help_text="Empty: no date.")
    next_on = models.DateField(_("预计下次购买"), null=True, help_text="Day of the brand's zone; past: overdue.")
    low_on = models.DateField(_("最早"), null=True)
    high_on = models.DateField(_("最晚"), null=True)
    product = models.ForeignKey(
        "commerce.Product", models.SET_NULL, null=True, related_name="+", verbose_name=_("商品"), db_index=False,
        help_text="Whose cycle it is.",
    )  # fmt: skip
    alive = models.FloatField(_("活跃概率"), null=True, help_text="Null: no model, or one purchase.")
    expected_minor = models.BigIntegerField(
        _("未来一年预期消费"), null=True, help_text="Minor unit of the brand's currency, net of refunds."
    )
    spent_minor = models.BigIntegerField(
        _("历来净消费"), null=True, help_text="Minor unit, net of refunds; null: not counted yet."
    )
    orders = models.PositiveIntegerField(_("购买次数"), help_text="Days with a purchase that was not given back whole.")
    last_order_at = models.DateTimeField(_("最近下单"), help_text="The newest order it knows of.")
    as_on = models.DateField(_("数据截至"), help_text="Day of the brand's zone.")

    class Meta:
        verbose_name = verbose_name_plural = _("购买预测")
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="", next_on=None, low_on=None, high_on=None)
                | (~Q(basis="") & _INTERVAL & Q(low_on__lte=F("next_on"), next_on__lte=F("high_on"))),
                name="prediction_date_has_basis_and_interval",
            ),
            models.CheckConstraint(
                condition=Q(alive=None) | Q(alive__gte=0, alive__lte=1), name="prediction_alive_is_a_chance"
            ),
        ]
        indexes = [
            models.Index(fields=["next_on", "customer"], name="prediction_due", condition=Q(next_on__isnull=False)),
            models.Index(fields=["-spent_minor", "-customer"], name="prediction_by_spend"),
        ]


class PredictionRun(models.Model):
    """预测计算: one computation for everyone. Rows are added, never changed."""

    made_at = models.DateTimeField(_("计算时间"), db_default=Now())
    made_by = models.CharField(_("发起人"), max_length=150, blank=True)
    as_on = models.DateField(_("数据截至"))
    customers = models.PositiveIntegerField(_("有订单的客户"))
    repeat_customers = models.PositiveIntegerField(_("复购客户"))
    weeks = models.PositiveIntegerField(_("订单历史（周）"))
    model = models.JSONField(_("购买模型"), null=True, help_text="r, alpha (weeks), a, b …; null: none fits.")
    worth = models.JSONField(_("客单价模型"), null=True, help_text="p, q, v (minor unit) …; null: own means.")
    valued_minor = models.BigIntegerField(
        _("高价值门槛"), null=True, help_text="Net spend of the top tenth, minor unit; null: no model, no alarm."
    )
    by_basis = models.JSONField(_("各依据人数"))
    ladder = models.JSONField(_("复购阶梯"), help_text="Of those who bought n times: how many did again, how soon.")
    back_test = models.JSONField(_("回测"), null=True, help_text="Null: too few orders.")
    seconds = models.FloatField(_("用时"))

    class Meta:
        verbose_name = verbose_name_plural = _("预测计算")
        indexes = [models.Index(fields=["-made_at"], name="prediction_run_newest")]
