"""关怀轮次 (M59): within a month every friend gets one like and one comment, from A to Z."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CareRound(models.Model):
    """关怀轮次: one member's month. A checklist: no interface of the platform likes or comments for anyone."""

    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("员工"))
    month = models.DateField(_("月份"), help_text="Its first day.")
    planned_on = models.DateField(_("已排到"), null=True, help_text="The last day whose items were chosen.")
    created_at = models.DateTimeField(_("开始时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("关怀轮次")
        constraints = [models.UniqueConstraint(fields=["staff", "month"], name="care_round_once_a_month")]


class CareItem(models.Model):
    """关怀对象: one friend in one round."""

    round = models.ForeignKey(CareRound, models.CASCADE, related_name="items")
    contact = models.ForeignKey("wecom.ExternalContact", models.CASCADE, related_name="+")
    initial = models.CharField(_("首字母"), max_length=1, help_text='A–Z, "#" for the rest.')
    position = models.PositiveIntegerField(_("次序"))
    planned_on = models.DateField(_("安排日期"), null=True)
    liked_at = models.DateTimeField(_("已点赞"), null=True)
    commented_at = models.DateTimeField(_("已评论"), null=True)
    left_out = models.CharField(_("不做的原因"), max_length=100, blank=True)
    responded_at = models.DateTimeField(_("对方有互动"), null=True, help_text="They liked, commented or wrote since.")

    class Meta:
        verbose_name = verbose_name_plural = _("关怀对象")
        constraints = [models.UniqueConstraint(fields=["round", "contact"], name="care_item_once")]
        indexes = [
            models.Index(
                fields=["round", "position"],
                name="care_to_do",
                condition=Q(left_out="") & (Q(liked_at__isnull=True) | Q(commented_at__isnull=True)),
            ),
            models.Index(fields=["round", "planned_on"], name="care_of_day"),
            models.Index(fields=["contact"], name="care_of_contact"),
        ]
