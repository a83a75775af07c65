"""客户卡片: what staff know of a customer beside tags and attributes."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LastTalk(models.Model):
    """最近往来: when one member and one contact last had to do with each other. Moves forward only."""

    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("员工"))
    contact = models.ForeignKey("wecom.ExternalContact", models.CASCADE, related_name="+", verbose_name=_("外部联系人"))
    heard_at = models.DateTimeField(_("客户最近说话"), null=True)
    spoke_at = models.DateTimeField(_("员工最近说话"), null=True)
    cared_at = models.DateTimeField(_("最近关怀或跟进"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("最近往来")
        constraints = [models.UniqueConstraint(fields=["staff", "contact"], name="last_talk_once")]
        indexes = [models.Index(fields=["contact"], name="last_talk_of_contact")]


class OwnInterval(models.Model):
    """专属跟进间隔 (M35): what was agreed for this one customer; goes before every rule."""

    customer = models.OneToOneField("people.Customer", models.CASCADE, related_name="+", verbose_name=_("客户"))
    days = models.PositiveSmallIntegerField(_("间隔天数"), help_text=_("0：不需要定期跟进。"))
    set_by = models.CharField(_("设置人"), max_length=150)
    set_at = models.DateTimeField(_("设置时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("专属跟进间隔")
        constraints = [models.CheckConstraint(condition=Q(days__lte=730), name="own_interval_within_two_years")]


class Note(models.Model):
    """跟进记录: what a member wrote down. Rows are added, never changed."""

    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    staff = models.ForeignKey("wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("员工"))
    text = models.TextField(_("内容"), max_length=1000)
    by = models.CharField(_("记录人"), max_length=150)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("跟进记录")
        indexes = [models.Index(fields=["customer", "-at"], name="note_of_customer")]


class OffLimit(models.Model):
    """禁忌: what not to say to this customer."""

    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    text = models.CharField(_("不要提"), max_length=100)
    set_by = models.CharField(_("设置人"), max_length=150)
    set_at = models.DateTimeField(_("设置时间"), db_default=Now())
    lifted_at = models.DateTimeField(_("解除时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("禁忌")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "text"], condition=Q(lifted_at__isnull=True), name="off_limit_once"
            )
        ]
