"""到达: who came through which door, and how often it was opened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.growth.models.doors import Door
from homeground.growth.models.sources import Source


class Arrival(models.Model):
    """到达: a customer asked to be a friend, became one, or joined a group through a door. Once per event."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", _("申请添加")
        ADDED = "added", _("成为好友")
        JOINED = "joined", _("进群")

    event_id = models.BigIntegerField(_("事件"), unique=True, help_text="Of the stream: told again, kept once.")
    kind = models.CharField(_("方式"), max_length=9, choices=Kind.choices)
    door = models.ForeignKey(Door, models.PROTECT, related_name="arrivals", verbose_name=_("入口"))
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+", verbose_name=_("来源"))
    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    userid = models.CharField(_("员工"), max_length=64, blank=True)
    chat_id = models.CharField(_("客户群"), max_length=64, blank=True)
    happened_at = models.DateTimeField(_("时间"))
    day = models.DateField(_("日期"), help_text="Of the brand's zone.")
    ended_at = models.DateTimeField(_("离开时间"), null=True, help_text="The tie that this began, ended.")
    ended_by_customer = models.BooleanField(_("客户主动离开"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("到达")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="joined", chat_id__gt="") | Q(kind__in=["requested", "added"], userid__gt=""),
                name="arrival_at_someone",
            )
        ]
        indexes = [
            models.Index(fields=["door", "day"], name="arrival_of_door_by_day"),
            models.Index(fields=["customer", "happened_at"], name="arrival_of_customer"),
            models.Index(fields=["day"], name="arrival_by_day"),
        ]


class StaffDay(models.Model):
    """当日接待: friends that one member made through one door on one day; what the daily limit is measured by."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="+")
    userid = models.CharField(_("员工"), max_length=64)
    day = models.DateField(_("日期"))
    added = models.PositiveIntegerField(_("新增好友"))

    class Meta:
        verbose_name = verbose_name_plural = _("当日接待")
        constraints = [models.UniqueConstraint(fields=["door", "day", "userid"], name="staff_day_once")]


class DoorOpening(models.Model):
    """入口打开: phones that opened a door's page on one day, each counted once."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="+")
    day = models.DateField(_("日期"))
    opened = models.PositiveIntegerField(_("打开"))

    class Meta:
        verbose_name = verbose_name_plural = _("入口打开")
        constraints = [models.UniqueConstraint(fields=["door", "day"], name="door_opening_once")]
