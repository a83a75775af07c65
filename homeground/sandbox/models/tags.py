"""沙盒企业标签. Deleted rows stay: the platform still shows them to who asks by id."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.corp import App


class TagGroup(models.Model):
    """标签组. A rule-group's has a strategy_id above 0."""

    group_id = models.CharField(_("标签组 ID"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=30)
    order = models.BigIntegerField(_("排序"), default=0, help_text="Higher comes first.")
    strategy_id = models.PositiveIntegerField(_("规则组 ID"), default=0)
    app = models.CharField(_("创建方"), max_length=7, choices=App.choices, blank=True, help_text="Empty: the console.")
    created_at = models.DateTimeField(_("创建时间"))
    is_deleted = models.BooleanField(_("已删除"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒标签组")
        constraints = [
            models.UniqueConstraint(
                fields=["strategy_id", "name"], condition=Q(is_deleted=False), name="sandbox_tag_group_name_once"
            )
        ]


class Tag(models.Model):
    """标签"""

    group = models.ForeignKey(TagGroup, models.CASCADE, related_name="tags")
    tag_id = models.CharField(_("标签 ID"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=30)
    order = models.BigIntegerField(_("排序"), default=0, help_text="Higher comes first.")
    app = models.CharField(_("创建方"), max_length=7, choices=App.choices, blank=True, help_text="Empty: the console.")
    created_at = models.DateTimeField(_("创建时间"))
    is_deleted = models.BooleanField(_("已删除"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒标签")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"], condition=Q(is_deleted=False), name="sandbox_tag_name_once"
            )
        ]
