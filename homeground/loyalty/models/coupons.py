"""优惠券: kinds, with their stock, and the coupons that customers hold."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CouponKind(models.Model):
    """券种: what a coupon is good for, for how long, and how many there are."""

    class Form(models.TextChoices):
        OFF = "off", _("满减券")
        PERCENT = "percent", _("折扣券")
        GIFT = "gift", _("兑换券")

    name = models.CharField(
        _("券名"), max_length=60, unique=True, error_messages={"unique": _("已经有同名的券，请换一个名称。")}
    )
    form = models.CharField(_("类型"), max_length=7, choices=Form.choices, default=Form.OFF)
    amount_minor = models.BigIntegerField(_("减多少"), null=True, blank=True, help_text="Minor unit; of 满减 alone.")
    pay_bp = models.PositiveSmallIntegerField(
        _("折后付多少"), null=True, blank=True, help_text="Basis points: 8500 is 八五折."
    )
    gift = models.CharField(_("兑换什么"), max_length=100, blank=True)
    threshold_minor = models.BigIntegerField(_("满多少可用"), default=0, help_text="Minor unit of the order.")
    starts_on = models.DateField(_("生效日"), null=True, blank=True)
    ends_on = models.DateField(_("失效日"), null=True, blank=True, help_text="The last good day, of the brand's zone.")
    valid_days = models.PositiveSmallIntegerField(_("领取后几天有效"), null=True, blank=True)
    stock = models.PositiveIntegerField(_("总量"), null=True, blank=True, help_text="None: without limit.")
    granted = models.PositiveIntegerField(_("已发放"), default=0)
    per_customer = models.PositiveSmallIntegerField(_("每人限领"), null=True, blank=True, default=1)
    partner = models.CharField(_("合作方"), max_length=60, blank=True)
    note = models.TextField(_("使用说明"), max_length=500, blank=True)
    created_by = models.CharField(_("创建人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("创建时间"))
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True, help_text="No more are given out.")

    class Meta:
        verbose_name = verbose_name_plural = _("券种")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(form="off", amount_minor__gt=0, pay_bp=None, gift="")
                | Q(form="percent", amount_minor=None, pay_bp__range=(1, 9999), gift="")
                | (Q(form="gift", amount_minor=None, pay_bp=None) & ~Q(gift="")),
                name="coupon_kind_is_of_one_form",
            ),
            models.CheckConstraint(condition=Q(threshold_minor__gte=0), name="coupon_kind_threshold_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_days=None, starts_on__isnull=False, ends_on__gte=F("starts_on"))
                | Q(valid_days__range=(1, 3650), starts_on=None, ends_on=None),
                name="coupon_kind_has_dates_or_days",
            ),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(granted__lte=F("stock")), name="coupon_kind_not_oversold"
            ),
            models.CheckConstraint(
                condition=Q(per_customer=None) | Q(per_customer__gte=1), name="coupon_kind_for_one_or_more"
            ),
        ]


class Coupon(models.Model):
    """优惠券: held by a customer, used once."""

    class State(models.TextChoices):
        GRANTED = "granted", _("未使用")
        USED = "used", _("已核销")
        EXPIRED = "expired", _("已过期")
        REVOKED = "revoked", _("已作废")

    kind = models.ForeignKey(CouponKind, models.PROTECT, related_name="coupons", verbose_name=_("券种"), db_index=False)
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    code = models.CharField(_("券码"), max_length=16, unique=True)
    cause = models.CharField(_("事由"), max_length=150, help_text="What it was given for; once for each kind.")
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.GRANTED)
    granted_at = models.DateTimeField(_("发放时间"))
    valid_from = models.DateTimeField(_("生效时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    used_at = models.DateTimeField(_("核销时间"), null=True)
    order_no = models.CharField(_("订单号"), max_length=100, blank=True)
    off_minor = models.BigIntegerField(_("优惠金额"), null=True, help_text="Minor unit; of a gift zero.")
    revoked_at = models.DateTimeField(_("作废时间"), null=True)
    revoked_why = models.CharField(_("作废原因"), max_length=200, blank=True)
    revoked_by = models.CharField(_("作废人"), max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("优惠券")
        permissions = [("use_coupon", "核销优惠券"), ("revoke_coupon", "作废优惠券")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="coupon_granted_once_per_cause"),
            models.CheckConstraint(
                condition=(Q(state="used", used_at__isnull=False, off_minor__isnull=False) & ~Q(order_no=""))
                | (~Q(state="used") & Q(used_at=None, order_no="", off_minor=None)),
                name="coupon_used_for_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False) | (~Q(state="revoked") & Q(revoked_at=None)),
                name="coupon_revoked_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state"], name="coupon_of_kind"),
            models.Index(fields=["expires_at"], name="coupon_due", condition=Q(state="granted")),
        ]
