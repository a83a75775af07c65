"""旅程: a graph that customers walk through, as it is drafted and as it was published."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link
from homeground.journeys.models.campaigns import Outcome


class JourneyQuerySet(models.QuerySet["Journey"]):
    def listed(self) -> Self:
        """Newest first."""
        return self.order_by("-created_at", "-id")


class Journey(models.Model):
    """旅程: its draft may change at any time; who walks, walks on a published version. Never deleted once live."""

    class State(models.TextChoices):
        """paused: everybody stays where they are. ended: nobody is left inside."""

        DRAFT = "draft", _("草稿")
        LIVE = "live", _("运行中")
        PAUSED = "paused", _("已暂停")
        ENDED = "ended", _("已结束")

    slug = models.SlugField(_("标识"), max_length=60, unique=True, help_text="In addresses, hand-overs and events.")
    name = models.CharField(_("旅程名称"), max_length=60)
    link = models.CharField(_("环节"), max_length=8, choices=Link.choices)
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.DRAFT)
    draft = models.JSONField(_("草稿"), help_text="A graph (graph.nodes.Graph), complete only when published.")
    live = models.ForeignKey(
        "journeys.Version", models.PROTECT, null=True, related_name="+", verbose_name=_("生效版本")
    )
    hypothesis = models.TextField(_("假设"), max_length=500, blank=True, help_text=_("为什么走完这条旅程会改变行为？"))
    primary_outcome = models.CharField(_("主要指标"), max_length=10, choices=Outcome.choices, default=Outcome.ORDERED)
    window_days = models.PositiveSmallIntegerField(_("观察天数"), default=30, help_text="After each entry.")
    holdout_bp = models.PositiveSmallIntegerField(_("对照组比例"), default=1000, help_text="Basis points.")
    created_by = models.CharField(_("创建人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())

    objects = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("旅程")
        permissions = [
            ("publish_journey", _("发布、暂停与结束旅程")),
            ("enter_journey", _("把客户加入或移出旅程")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(holdout_bp__lte=9000), name="journey_holdout_leaves_someone"),
            models.CheckConstraint(condition=Q(window_days__range=(1, 365)), name="journey_window_within_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(live__isnull=False), name="journey_live_is_published"
            ),
        ]


class Version(models.Model):
    """旅程版本: a graph as published; never changed afterwards."""

    class Succession(models.TextChoices):
        """What happened to those inside when this version came: they finish on theirs, move by the map, or leave."""

        FINISH = "finish", _("留在旧版本走完")
        MOVE = "move", _("按对应关系移到新版本")
        LEAVE = "leave", _("离开旅程")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="versions", verbose_name=_("旅程"))
    number = models.PositiveIntegerField(_("版本号"))
    graph = models.JSONField(_("流程图"))
    is_promotion = models.BooleanField(_("营销信息"), help_text="It has a promotion; then the global holdout applies.")
    succession = models.CharField(
        _("旧版本里的人"), max_length=6, choices=Succession.choices, default=Succession.FINISH
    )
    node_map = models.JSONField(_("节点对应"), default=dict, help_text="Move: old node id → new one; others leave.")
    published_by = models.CharField(_("发布人"), max_length=150, blank=True)
    published_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("旅程版本")
        constraints = [models.UniqueConstraint(fields=["journey", "number"], name="version_number_once")]


class Listener(models.Model):
    """监听: an event that means something to a version; segments are listened to by their segment_entered."""

    class Purpose(models.TextChoices):
        ENTER = "enter", _("进入旅程")
        WAKE = "wake", _("结束等待")
        GOAL = "goal", _("达成目标")
        EXIT = "exit", _("退出旅程")

    version = models.ForeignKey(Version, models.CASCADE, related_name="listeners")
    event = models.CharField(_("事件"), max_length=100)
    purpose = models.CharField(_("用途"), max_length=5, choices=Purpose.choices)
    node = models.CharField(_("节点"), max_length=40, blank=True, help_text="The one that waits; of purpose wake.")
    where = models.JSONField(_("条件"), default=list, help_text="Property filters, as in segments; all must hold.")
    key = models.CharField(_("键属性"), max_length=100, blank=True, help_text="Of purpose enter: tells walks apart.")

    class Meta:
        verbose_name = verbose_name_plural = _("监听")
        indexes = [models.Index(fields=["event"], name="listener_by_event")]
