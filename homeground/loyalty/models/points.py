"""积分账本: postings whose legs sum to zero. The database refuses to change or remove either.

A customer's leg belongs to a lot, the points that came in together and expire together; the other leg is the brand's,
and the posting's kind says which of its accounts (issued, redeemed, expired …). Balances and what a lot has left are
sums of legs, kept beside them. A lot is below zero only after points that were spent already have been taken back.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PointsAccount(models.Model):
    """积分账户: of one customer id. A merged person's balance is that of all their ids."""

    customer = models.OneToOneField(
        "people.Customer", models.PROTECT, primary_key=True, related_name="+", verbose_name=_("客户")
    )
    balance = models.BigIntegerField(_("积分余额"), db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("积分账户")
        permissions = [("adjust_points", "手工调整积分")]


class PointsPosting(models.Model):
    """积分流水: what happened to points, once for each kind and cause."""

    class Kind(models.TextChoices):
        EARN = "earn", _("获得")
        REDEEM = "redeem", _("兑换")
        EXPIRE = "expire", _("过期")
        REVERSE = "reverse", _("冲回")
        SETTLE = "settle", _("抵欠")  # Lots above zero pay for those below: the balance stays.

    kind = models.CharField(_("类型"), max_length=7, choices=Kind.choices)
    cause = models.CharField(_("事由"), max_length=150, help_text='What it is for, like "order:1042".')
    reason = models.CharField(_("说明"), max_length=100, blank=True, help_text="As customers and colleagues read it.")
    by = models.CharField(_("操作人"), max_length=150, blank=True, help_text="Empty: no person.")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversals", verbose_name=_("冲回的流水"), db_index=False
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("积分流水")
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="points_posted_once_per_cause"),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses=None)),
                name="points_reversal_names_what_it_reverses",
            ),
        ]
        indexes = [
            BrinIndex(fields=["at"], name="points_by_moment"),
            models.Index(fields=["reverses"], name="points_reversals", condition=Q(reverses__isnull=False)),
        ]


class PointsLot(models.Model):
    """积分批次: points that came in together, and go together when their time is over."""

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="lots", db_index=False)
    posting = models.ForeignKey(PointsPosting, models.PROTECT, related_name="+", db_index=False)
    points = models.IntegerField(_("获得积分"))
    remaining = models.IntegerField(_("剩余积分"), help_text="Below zero: taken back after it was spent.")
    expires_at = models.DateTimeField(_("到期时间"), null=True, help_text="None: never.")

    class Meta:
        verbose_name = verbose_name_plural = _("积分批次")
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="points_lot_has_points"),
            models.CheckConstraint(condition=Q(remaining__lte=F("points")), name="points_lot_not_overfull"),
        ]
        indexes = [
            models.Index(fields=["account"], name="points_lots_left", condition=~Q(remaining=0)),
            models.Index(
                fields=["expires_at"], name="points_lots_due", condition=Q(remaining__gt=0, expires_at__isnull=False)
            ),
        ]


class PointsEntry(models.Model):
    """积分分录: one leg of a posting. Without an account it is the brand's."""

    posting = models.ForeignKey(PointsPosting, models.PROTECT, related_name="entries")
    account = models.ForeignKey(PointsAccount, models.PROTECT, null=True, related_name="entries", db_index=False)
    lot = models.ForeignKey(PointsLot, models.PROTECT, null=True, related_name="entries", db_index=False)
    points = models.IntegerField(_("积分"), help_text="Above zero in, below zero out.")

    class Meta:
        verbose_name = verbose_name_plural = _("积分分录")
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="points_entry_moves_something"),
            models.CheckConstraint(
                condition=Q(account=None, lot=None) | Q(account__isnull=False, lot__isnull=False),
                name="points_of_customers_lie_in_lots",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="points_of_account", condition=Q(account__isnull=False)),
        ]
