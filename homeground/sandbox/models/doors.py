"""沙盒入口: live codes, group live codes, acquisition links and their quota."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactWay(models.Model):
    """「联系我」. What the caller gave stands in `fields`, as it is read back."""

    config_id = models.CharField(_("配置 ID"), max_length=64, unique=True)
    kind = models.PositiveSmallIntegerField(_("类型"), help_text="1 one member, 2 several.")
    scene = models.PositiveSmallIntegerField(_("场景"), help_text="1 mini-program, 2 QR code.")
    style = models.PositiveSmallIntegerField(_("样式"), default=0)
    remark = models.CharField(_("备注"), max_length=30, blank=True)
    skip_verify = models.BooleanField(_("无需验证"), default=True)
    state = models.CharField(_("渠道标识"), max_length=30, blank=True)
    users = ArrayField(models.CharField(max_length=64), verbose_name=_("成员"), default=list)
    parties = ArrayField(models.PositiveIntegerField(), verbose_name=_("部门"), default=list)
    is_temp = models.BooleanField(_("临时会话"), default=False)
    expires_in = models.PositiveIntegerField(_("临时码秒数"), default=604_800)
    chat_expires_in = models.PositiveIntegerField(_("临时会话秒数"), default=86_400)
    unionid = models.CharField("UnionID", max_length=64, blank=True)
    is_exclusive = models.BooleanField(_("同企业同员工"), default=False)
    mark_source = models.BooleanField(_("标记来源"), default=True)
    conclusions = models.JSONField(_("结束语"), null=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒活码")
        indexes = [models.Index(fields=["created_at", "id"], name="sandbox_way_by_time")]


class JoinWay(models.Model):
    """加群活码"""

    config_id = models.CharField(_("配置 ID"), max_length=64, unique=True)
    scene = models.PositiveSmallIntegerField(_("场景"), help_text="1 mini-program, 2 QR code.")
    remark = models.CharField(_("备注"), max_length=30, blank=True)
    auto_create_room = models.BooleanField(_("群满后自动建群"), default=True)
    room_base_name = models.CharField(_("群名前缀"), max_length=40, blank=True)
    room_base_id = models.PositiveIntegerField(_("群序号"), default=1)
    chat_ids = ArrayField(models.CharField(max_length=64), verbose_name=_("群"), default=list)
    state = models.CharField(_("渠道标识"), max_length=30, blank=True)
    mark_source = models.BooleanField(_("标记来源"), default=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群活码")


class AcquisitionLink(models.Model):
    """获客链接"""

    link_id = models.CharField(_("链接 ID"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=30)
    url = models.CharField(_("链接"), max_length=500)
    users = ArrayField(models.CharField(max_length=64), verbose_name=_("成员"), default=list)
    departments = ArrayField(models.PositiveIntegerField(), verbose_name=_("部门"), default=list)
    skip_verify = models.BooleanField(_("无需验证"), default=True)
    priority = models.JSONField(_("优先分配"), null=True)
    mark_source = models.BooleanField(_("标记来源"), default=True)
    app = models.CharField(_("创建方"), max_length=7)
    created_at = models.DateTimeField(_("创建时间"))
    deleted_at = models.DateTimeField(_("删除时间"), null=True, help_text="Whoever came through it stays countable.")

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒获客链接")


class LinkDay(models.Model):
    """获客链接 by day: how many opened it."""

    link = models.ForeignKey(AcquisitionLink, models.CASCADE, related_name="days")
    day = models.DateField(_("日期"), help_text="Of the corp's zone.")
    clicks = models.PositiveIntegerField(_("点击客户数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒获客链接日数据")
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="sandbox_link_day_once")]


class AcquisitionQuota(models.Model):
    """获客额度: one purchase; each customer through a link uses one unit, of what expires first."""

    total = models.PositiveIntegerField(_("总量"))
    balance = models.PositiveIntegerField(_("余量"))
    expires_at = models.DateTimeField(_("到期"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒获客额度")


class ChatKey(models.Model):
    """会话凭证 of an acquisition callback: for 30 minutes it tells who wrote how much."""

    key = models.CharField(_("凭证"), max_length=64, unique=True)
    friendship = models.ForeignKey("sandbox.Friendship", models.CASCADE, related_name="+")
    messages = models.PositiveIntegerField(_("客户消息数"))
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒会话凭证")
