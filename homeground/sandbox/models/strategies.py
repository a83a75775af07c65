"""沙盒规则组: whose customers the admins of a group see, and what they may do with them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Strategy(models.Model):
    """客户联系规则组. Its key is the platform's strategy_id."""

    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children", verbose_name=_("上级规则组"))
    name = models.CharField(_("名称"), max_length=64)
    admins = ArrayField(models.CharField(max_length=64), verbose_name=_("管理员"), default=list)
    privilege = models.JSONField(_("权限"), default=dict)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒规则组")


class StrategyNode(models.Model):
    """规则组范围: one member or one department."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="nodes")
    userid = models.CharField(_("员工账号"), max_length=64, blank=True)
    party = models.PositiveIntegerField(_("部门 ID"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒规则组范围")
        constraints = [
            models.UniqueConstraint(fields=["strategy", "userid", "party"], name="sandbox_strategy_node_once"),
            models.CheckConstraint(
                condition=Q(userid="", party__gt=0) | Q(userid__gt="", party=0), name="sandbox_strategy_node_is_one"
            ),
        ]
