"""订单: what was bought and given back, as shops report it; integers in the currency's minor unit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """商品"""

    sku = models.CharField("商品编码", max_length=100, unique=True)
    name = models.CharField("名称", max_length=255, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "商品"


class Order(models.Model):
    """订单. Without a customer it is a guest's: kept, and counted apart."""

    class Kind(models.TextChoices):
        SALE = "sale", _("销售")
        # A correction of the books that nobody bought: no event, no fact of a customer.
        ADJUSTMENT = "adjustment", _("调账")

    order_no = models.CharField("订单号", max_length=100, unique=True)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.SALE)
    customer = models.ForeignKey(
        "people.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="客户"
    )
    source = models.CharField("来源", max_length=60)
    currency = models.CharField("货币", max_length=3)
    amount_minor = models.BigIntegerField(
        "实付金额", help_text="Minor unit, after discounts; the exact line total rounded once."
    )
    paid_at = models.DateTimeField("支付时间")
    content_hash = models.CharField(
        max_length=64, help_text="Of all that was reported: the same report changes nothing."
    )

    class Meta:
        verbose_name = verbose_name_plural = "订单"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="adjustment") | Q(amount_minor__gte=0), name="order_amount_not_negative"
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-paid_at"], name="order_by_customer"),
            models.Index(fields=["paid_at"], name="order_by_day"),
        ]


class OrderLine(models.Model):
    """订单行. Written in one statement that joins its order and product: no constraint checks them again row by row."""

    # 542,000 lines: 25 s with both constraints and their indexes, 11 s without.
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_constraint=False, db_index=False)
    line_no = models.PositiveIntegerField("行号")
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", verbose_name="商品", db_constraint=False, db_index=False
    )
    quantity = models.IntegerField("数量")
    unit_price = models.DecimalField("单价", max_digits=18, decimal_places=6, help_text="Major unit, as reported.")

    class Meta:
        verbose_name = verbose_name_plural = "订单行"
        constraints = [models.UniqueConstraint(fields=["order", "line_no"], name="order_line_once")]


class Refund(models.Model):
    """退款: money or goods given back. Zero where goods were written off without money."""

    refund_no = models.CharField("退款号", max_length=100, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name="订单")
    customer = models.ForeignKey(
        "people.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="客户"
    )
    source = models.CharField("来源", max_length=60)
    currency = models.CharField("货币", max_length=3)
    amount_minor = models.BigIntegerField("退款金额", help_text="Minor unit; zero or above.")
    refunded_at = models.DateTimeField("退款时间")
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "退款"
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refund_amount_not_negative")]
        indexes = [models.Index(fields=["customer", "-refunded_at"], name="refund_by_customer")]


class RefundLine(models.Model):
    """退款行: quantity above zero, given back."""

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines", db_constraint=False, db_index=False)
    line_no = models.PositiveIntegerField("行号")
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", verbose_name="商品", db_constraint=False, db_index=False
    )
    quantity = models.PositiveIntegerField("数量")
    unit_price = models.DecimalField("单价", max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = verbose_name_plural = "退款行"
        constraints = [models.UniqueConstraint(fields=["refund", "line_no"], name="refund_line_once")]
