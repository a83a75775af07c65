"""入口: the ways in, who stands behind them and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.growth.models.sources import Source

DAY = 24 * 60  # Minutes.
FULL = 200  # Members: then the platform lets nobody else into a group.


class Door(models.Model):
    """入口: one traced way in. Its page and printed code stay the same, whatever is behind them."""

    class Kind(models.TextChoices):
        LIVE_CODE = "live_code", _("渠道活码")
        GROUP_CODE = "group_code", _("群活码")
        LINK = "link", _("获客链接")

    class Sync(models.TextChoices):
        WAITING = "waiting", _("待提交")
        ASKING = "asking", _("正在提交")
        PLACED = "placed", _("已生效")
        FAILED = "failed", _("平台拒绝")
        UNKNOWN = "unknown", _("提交结果不明")

    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("入口名称"), max_length=30)
    token = models.CharField(
        _("渠道标识"), max_length=20, unique=True, help_text="The platform's state, and our page's address."
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="doors", verbose_name=_("来源")
    )
    tags = ArrayField(models.CharField(max_length=60), verbose_name=_("到达标签"), default=list, blank=True)
    daily_limit = models.PositiveIntegerField(
        _("每人每天上限"), null=True, blank=True, help_text=_("每位员工每天最多经此入口加多少人；留空不限。")
    )
    consent_notice = models.TextField(_("同意告知"), blank=True, max_length=500)
    skip_verify = models.BooleanField(_("免好友验证"), default=False)
    skip_reason = models.CharField(_("免验证的理由"), max_length=300, blank=True)
    skip_by = models.CharField(_("批准人"), max_length=150, blank=True)
    order_days = models.PositiveSmallIntegerField(_("下单观察天数"), default=30)
    order_alarm_bp = models.PositiveSmallIntegerField(
        _("下单率预警线"), default=200, help_text="Basis points of those who came: fewer buyers are an alarm (M24)."
    )
    opens_groups = models.BooleanField(
        _("群都满后自动建新群"), default=False, help_text=_("由平台以最后一个群的群主建群。")
    )
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    # What the platform has of it.
    config_id = models.CharField(_("平台编号"), max_length=100, blank=True, help_text="config_id or link_id.")
    url = models.URLField(_("平台地址"), max_length=500, blank=True, help_text="Of the code's picture, or the link.")
    picture = models.BinaryField(null=True, help_text="The code's picture, as the platform drew it.")
    sync = models.CharField(_("平台同步"), max_length=7, choices=Sync.choices, default=Sync.WAITING)
    placed = models.JSONField(_("平台现状"), default=dict, help_text="What the platform has: what we last placed.")
    tried = models.JSONField(_("最近尝试"), default=dict, help_text="What we last tried to place.")
    asked_at = models.DateTimeField(_("最近提交"), null=True)
    unknown_at = models.DateTimeField(
        _("结果不明自"), null=True, help_text="A call that makes it went out then, and nobody knows its fate."
    )
    retry_at = models.DateTimeField(_("再试时间"), null=True)
    tries = models.PositiveSmallIntegerField(_("失败次数"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("入口")
        ordering = ["-pk"]
        permissions = [("allow_unverified", _("批准免好友验证"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(skip_verify=False, skip_reason="")
                | Q(skip_verify=True, skip_reason__gt="", skip_by__gt=""),
                name="door_skips_verification_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(order_alarm_bp__lte=10_000), name="door_alarm_is_a_share"),
            models.CheckConstraint(condition=Q(order_days__range=(1, 365)), name="door_order_days_within_a_year"),
            models.CheckConstraint(condition=Q(daily_limit=None) | Q(daily_limit__gte=1), name="door_limit_lets_one"),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="door_newest_of_kind")]


class DoorStaff(models.Model):
    """接待员工: who may stand behind a door; a back-up stands there when nobody else can."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="members")
    staff = models.ForeignKey("wecom.Staff", models.PROTECT, related_name="+", verbose_name=_("员工"))
    is_backup = models.BooleanField(_("后备"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("接待员工")
        constraints = [models.UniqueConstraint(fields=["door", "staff", "is_backup"], name="door_staff_once")]


class Shift(models.Model):
    """班次: weekly hours of the brand's zone. Ends at or before its start: it goes on into the next day."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="shifts")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("星期"), help_text="0 is Monday.")
    start_minute = models.PositiveSmallIntegerField(_("开始"), help_text="Minutes after midnight.")
    end_minute = models.PositiveSmallIntegerField(_("结束"), help_text="Not included; 1440 is midnight.")
    staff = models.ManyToManyField("wecom.Staff", related_name="+", verbose_name=_("员工"))

    class Meta:
        verbose_name = verbose_name_plural = _("班次")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=DAY, end_minute__range=(1, DAY)) & ~Q(start_minute=F("end_minute")),
                name="shift_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=list(range(7))), name="shift_has_weekdays"
            ),
        ]


class DoorGroup(models.Model):
    """入口的群: group chats in the order in which they fill."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="groups")
    chat = models.ForeignKey("wecom.GroupChat", models.PROTECT, related_name="+", verbose_name=_("客户群"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    limit = models.PositiveSmallIntegerField(_("人数上限"), default=FULL)

    class Meta:
        verbose_name = verbose_name_plural = _("入口的群")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["door", "chat"], name="door_group_once"),
            models.CheckConstraint(condition=Q(limit__range=(1, FULL)), name="door_group_limit_is_possible"),
        ]


class DoorChange(models.Model):
    """入口变更: who changed what, so that it can be taken back."""

    door = models.ForeignKey(Door, models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=150)
    what = models.CharField(_("变更"), max_length=8, help_text="created, changed, retired, restored, undone.")
    before = models.JSONField(_("之前"), null=True, help_text="The door's settings; null: there was none.")
    after = models.JSONField(_("之后"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("入口变更")
        ordering = ["-pk"]
