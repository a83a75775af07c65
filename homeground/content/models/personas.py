"""人设: who speaks in a feed, and on which days about what (M52)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Weekday(models.IntegerChoices):
    """星期, as Python counts them."""

    MONDAY = 0, _("周一")
    TUESDAY = 1, _("周二")
    WEDNESDAY = 2, _("周三")
    THURSDAY = 3, _("周四")
    FRIDAY = 4, _("周五")
    SATURDAY = 5, _("周六")
    SUNDAY = 6, _("周日")


class Persona(models.Model):
    """人设: an owner or a member of staff as customers know them."""

    name = models.CharField(_("称呼"), max_length=30, unique=True, help_text=_("客户怎么叫 TA，例如“山茶的小林”。"))
    staff = models.OneToOneField(
        "wecom.Staff", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("企微员工"),
        help_text=_("接上员工后，发表情况和规律分会自动统计。"),
    )  # fmt: skip
    is_owner = models.BooleanField(_("老板本人"), default=False)
    identity = models.CharField(_("身份"), max_length=100, help_text=_("TA 是谁，客户为什么愿意听。"))
    expertise = models.CharField(_("擅长"), max_length=200, blank=True)
    tone = models.CharField(_("语气"), max_length=100, blank=True, help_text=_("例如：像邻居姐姐，不说“亲”。"))
    begins_on = models.DateField(_("开始日期"), help_text=_("规律分从这一天起算。"))
    open_feed_checked_on = models.DateField(
        _("最近确认不是三天可见"), null=True, blank=True, help_text=_("平台不告诉我们这个设置，请看过 TA 的手机再填。")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("人设")


class PersonaSlot(models.Model):
    """固定栏目: on this weekday, about this."""

    persona = models.ForeignKey(Persona, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=Weekday.choices)
    at = models.TimeField(_("时间"))
    kind = models.CharField(_("内容类型"), max_length=9)
    topic = models.CharField(_("栏目"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("固定栏目")
        ordering = ["weekday", "at"]
        constraints = [
            models.UniqueConstraint(fields=["persona", "weekday", "at"], name="persona_slot_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="persona_slot_on_a_weekday"),
        ]
