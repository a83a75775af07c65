"""人群: who, as a rule that is evaluated again and again, or as a list that stays."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link


class SegmentQuerySet(models.QuerySet["Segment"]):
    def listed(self) -> Self:
        """Those to choose from: not archived, newest first."""
        return self.filter(archived_at__isnull=True).order_by("-created_at", "-id")


class Segment(models.Model):
    """人群: a dynamic one has a rule and is recomputed; a static one is a list. Archived, never deleted."""

    slug = models.SlugField("标识", max_length=60, unique=True, help_text="In addresses, rules and events.")
    name = models.CharField("名称", max_length=60)
    link = models.CharField("环节", max_length=8, choices=Link.choices, blank=True)
    rule = models.JSONField("规则", null=True, help_text="None: a static list from a file.")
    is_dynamic = models.BooleanField("动态", default=True, help_text="Recomputed; a static one is a list.")
    refresh_minutes = models.PositiveIntegerField("刷新间隔（分钟）", default=60)
    created_by = models.CharField("创建人", max_length=150, blank=True)
    created_at = models.DateTimeField("创建时间", db_default=Now())
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)
    # The newest finished generation.
    generation = models.PositiveIntegerField("代次", default=0, help_text="0: never computed.")
    customers = models.PositiveBigIntegerField("人数", default=0)
    as_of = models.DateTimeField("数据截至", null=True, help_text="Events after it were not counted.")
    refreshed_at = models.DateTimeField("计算时间", null=True)
    # A refresh that is under way, or failed.
    last_generation = models.PositiveIntegerField(default=0, help_text="The highest number given to any refresh.")
    lease_until = models.DateTimeField(null=True, help_text="Who refreshes holds it; after it, anybody may.")
    failure = models.TextField("失败原因", blank=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("人群")
        permissions = [("export_segment", "导出人群名单")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_dynamic=False) | Q(rule__isnull=False), name="dynamic_segment_has_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(generation__lte=models.F("last_generation")), name="segment_generation_was_given"
            ),
            models.CheckConstraint(condition=Q(refresh_minutes__gte=5), name="segment_rests_five_minutes"),
        ]


class Generation(models.Model):
    """人群代次: what one refresh found. Its members are in ClickHouse until they are pruned; this row stays."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="generations")
    number = models.PositiveIntegerField("代次")
    as_of = models.DateTimeField("数据截至")
    refreshed_at = models.DateTimeField("计算时间")
    customers = models.PositiveBigIntegerField("人数")
    entered = models.PositiveBigIntegerField("进入")
    left = models.PositiveBigIntegerField("离开")
    seconds = models.FloatField("耗时（秒）")

    class Meta:
        verbose_name = verbose_name_plural = "人群代次"
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="generation_number_once")]


class Export(models.Model):
    """人群导出记录: who took which list away, and when (audit)."""

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="exports")
    generation = models.PositiveIntegerField("代次")
    customers = models.PositiveBigIntegerField("人数")
    exported_by = models.CharField("导出人", max_length=150)
    exported_at = models.DateTimeField("导出时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "人群导出记录"
